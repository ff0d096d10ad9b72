//! Why a function could not be measured.

use dice_environments::EnvironmentError;
use dice_wire::FrameError;

#[derive(Debug, thiserror::Error)]
pub enum ProfilingError {
    #[error("{function} changes the world: it is not called for practice")]
    Writes { function: String },
    #[error("results of {function} are simulated, and so is the time that they take")]
    Simulated { function: String },
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    #[error("nothing can be listened to in the folder for temporary files")]
    Listen(#[source] std::io::Error),
    #[error("{function}: its worker could not be started")]
    Start {
        function: String,
        #[source]
        source: std::io::Error,
    },
    #[error("{function}: its worker ended: {exit}\n{log}")]
    Ended {
        function: String,
        exit: String,
        /// The end of what it printed.
        log: String,
    },
    #[error("{function}: it could not be loaded: {message}\n{log}")]
    NotLoaded {
        function: String,
        /// The exception.
        message: String,
        log: String,
    },
    #[error("{function}: a call failed: {message}")]
    CallFailed { function: String, message: String },
    #[error("{function}: no {what} within {seconds} s")]
    TooSlow {
        function: String,
        what: &'static str,
        seconds: u64,
    },
    #[error("the worker's connection failed")]
    Connection(#[from] FrameError),
}
