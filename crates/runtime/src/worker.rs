//! Worker processes: started, watched, spoken to.

mod connection;
mod log;
mod supervisor;
mod token;

pub(crate) use connection::serve;
pub(crate) use supervisor::{Ending, supervise};
pub(crate) use token::Token;
