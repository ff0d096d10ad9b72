//! One call for whoever has no program (RUNTIME V3).

use std::sync::Arc;

use dice_catalog::Entry as Function;
use dice_model::{CallRef, Effect, Outcome, PoolName, ProgramForm, Tenant, Value};
use dice_scheduler::IssuedCall;
use tokio::sync::oneshot;

use super::{Handle, RequestError};
use crate::ProgramLimits;
use crate::checks;
use crate::dispatcher::{CallWork, Command, Pool};
use crate::record::{TaskKind, TaskSpec};
use crate::single::Single;

/// What became of a call without a program.
#[derive(Debug)]
pub enum Called {
    Ended(Outcome),
    /// Not made: its function writes, or there is none of that name. The arguments, back.
    NeedsTask(Value),
}

impl Handle {
    /// `arguments`: a map by name. The outcome is durable when this returns. Dropped before, the call is
    /// withdrawn (A2).
    pub async fn call(&self, function: &str, arguments: Value) -> Result<Called, RequestError> {
        let (pool, offer) = self.admit(&PoolName::default())?;
        let known = offer.catalog.get(function);
        let Some(function) = known.filter(|known| known.spec.effect != Effect::Write) else {
            return Ok(Called::NeedsTask(arguments));
        };
        let arguments = match checks::arguments(function, arguments) {
            Ok(arguments) => arguments,
            Err(failure) => return Ok(Called::Ended(Err(failure))),
        };
        let room = Arc::clone(&self.0.single_calls);
        let _room = room.try_acquire_owned().map_err(|_| RequestError::Busy {
            waiting: self.0.options.most_single_calls,
        })?;
        let task = self.0.numbers.next(self.journal()).await?;
        let call = CallRef {
            task,
            call: Single::NUMBER,
        };
        let (answer, answered) = oneshot::channel();
        let single = Single {
            function: Arc::clone(function),
            spec: Arc::new(spec(function, offer.blob)),
            issued: self.clock().now(),
            granted: None,
            printed: Vec::new(),
            answer,
        };
        let mut waiting = Waiting {
            pool,
            call,
            over: false,
        };
        let issue = Command::Issue {
            call: IssuedCall::new(call, function.spec.id.clone()),
            work: CallWork {
                arguments: Arc::new(arguments),
                idempotency_key: None,
                logged: 0,
                single: Some(Box::new(single)),
            },
        };
        waiting.pool.send(issue).await;
        let answer = answered.await;
        waiting.over = true;
        match answer {
            Ok(Ok(outcome)) => Ok(Called::Ended(outcome)),
            Ok(Err(error)) => {
                self.0.shared.fail(error.clone());
                Err(error.into())
            }
            Err(_) => Err(RequestError::Stopping),
        }
    }
}

fn spec(function: &Function, catalog: dice_model::Digest) -> TaskSpec {
    TaskSpec {
        kind: TaskKind::External,
        filename: format!("call of {}", function.name()),
        form: ProgramForm::Serial,
        inputs: Vec::new(),
        pool: PoolName::default(),
        tenant: Tenant::default(),
        seed: 0,
        deadline: None,
        bounds: crate::Bounds::default(),
        limits: ProgramLimits::default(),
        reuse: false,
        memo: false,
        batch: None,
        catalog,
    }
}

/// Withdraws the call if nobody waits for it any more.
struct Waiting {
    pool: Pool,
    call: CallRef,
    over: bool,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.over {
            return;
        }
        let (pool, call) = (self.pool.clone(), self.call);
        tokio::spawn(async move { pool.send(Command::Abandon { call }).await });
    }
}
