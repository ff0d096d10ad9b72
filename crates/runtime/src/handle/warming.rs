//! Models in memory before anybody calls them.

use std::time::Duration;

use dice_model::{FunctionId, PoolName};

use super::{Handle, RequestError};
use crate::PoolView;
use crate::dispatcher::Command;

/// Between two looks at what is loaded: loading takes hundreds of milliseconds at least.
const LOOK_EVERY: Duration = Duration::from_millis(20);

impl Handle {
    /// Keeps each function on up to `devices` of the pool's devices from now on, as far as memory is
    /// free, and waits until they are loaded. What cannot be loaded is not waited for: its calls say
    /// why.
    pub async fn warm(
        &self,
        pool: &PoolName,
        functions: &[FunctionId],
        devices: u32,
    ) -> Result<(), RequestError> {
        self.want(pool, functions, devices).await?;
        loop {
            let views = self.view().await;
            match views.iter().find(|view| &view.pool == pool) {
                Some(view) if functions.iter().any(|function| is_awaited(view, function)) => {}
                _ => return Ok(()),
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// What was loaded ahead may go again when its memory is needed.
    pub async fn release(
        &self,
        pool: &PoolName,
        functions: &[FunctionId],
    ) -> Result<(), RequestError> {
        self.want(pool, functions, 0).await
    }

    async fn want(
        &self,
        pool: &PoolName,
        functions: &[FunctionId],
        devices: u32,
    ) -> Result<(), RequestError> {
        let open = self.pool(pool);
        let open = open.ok_or_else(|| RequestError::NoPool(pool.clone()))?;
        for function in functions.iter().cloned() {
            open.send(Command::Want { function, devices }).await;
        }
        Ok(())
    }
}

/// Not on any device yet, or on its way to another one.
fn is_awaited(view: &PoolView, function: &FunctionId) -> bool {
    let queue = view.queues.iter().find(|queue| &queue.function == function);
    let awaited = queue.is_some_and(|queue| queue.ready == 0 || queue.loading > 0);
    awaited && !view.errors.contains_key(function)
}
