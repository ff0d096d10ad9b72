//! What a worker proves itself with: who started it, and when.

use dice_model::{Epoch, PoolName, WorkerId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// An older one: the worker has outlived the engine that started it.
    pub(crate) epoch: Epoch,
    pub(crate) worker: WorkerId,
    pub(crate) pool: PoolName,
}

impl Token {
    pub(crate) fn signed(&self, secret: &str) -> String {
        let (epoch, worker) = (self.epoch.0, self.worker.0);
        format!("{secret}.{epoch}.{worker}.{}", self.pool)
    }

    pub(crate) fn verified(text: &str, secret: &str) -> Option<Self> {
        let mut parts = text.splitn(4, '.');
        let claimed = parts.next()?;
        // Compared as digests, so that how long it takes says nothing about the secret.
        let digest = |text: &str| dice_model::Digest::of(text.as_bytes());
        if digest(claimed) != digest(secret) {
            return None;
        }
        Some(Self {
            epoch: Epoch(parts.next()?.parse().ok()?),
            worker: WorkerId(parts.next()?.parse().ok()?),
            pool: PoolName::new(parts.next()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_who_started_the_worker_and_cannot_be_made_up() {
        let token = Token {
            epoch: Epoch(3),
            worker: WorkerId(7),
            pool: PoolName::new("edge.berlin"),
        };
        let text = token.signed("secret");
        assert_eq!(Token::verified(&text, "secret"), Some(token));
        assert_eq!(Token::verified(&text, "other"), None);
        assert_eq!(Token::verified("secret.3.x.p", "secret"), None);
    }
}
