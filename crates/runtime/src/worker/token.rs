//! What a worker proves itself with: who started it, and when.

use dice_model::{Epoch, PoolName, WorkerId};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// An older one: the worker has outlived the engine that started it.
    pub(crate) epoch: Epoch,
    pub(crate) worker: WorkerId,
    pub(crate) pool: PoolName,
}

impl Token {
    /// With a code that only who knows the secret can make; the secret itself stays here.
    pub(crate) fn signed(&self, secret: &str) -> String {
        let claims = self.claims();
        let code = code(secret, &claims).finalize().into_bytes();
        let code: [u8; 32] = code.into();
        format!("{}.{claims}", dice_model::Digest::from_bytes(code).hex())
    }

    pub(crate) fn verified(text: &str, secret: &str) -> Option<Self> {
        let (claimed, claims) = text.split_once('.')?;
        let claimed: dice_model::Digest = claimed.parse().ok()?;
        // Takes as long whichever byte is wrong.
        let checked = code(secret, claims).verify_slice(claimed.as_bytes());
        checked.ok()?;
        let mut parts = claims.splitn(3, '.');
        Some(Self {
            epoch: Epoch(parts.next()?.parse().ok()?),
            worker: WorkerId(parts.next()?.parse().ok()?),
            pool: PoolName::new(parts.next()?),
        })
    }

    fn claims(&self) -> String {
        format!("{}.{}.{}", self.epoch.0, self.worker.0, self.pool)
    }
}

fn code(secret: &str, claims: &str) -> Hmac<Sha256> {
    let code = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
    let code = code.expect("an HMAC takes keys of any length");
    code.chain_update(claims.as_bytes())
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
        assert!(!text.contains("secret"), "the secret is not handed out");
        let other_worker = text.replace(".3.7.", ".3.8.");
        assert_eq!(Token::verified(&other_worker, "secret"), None);
        for made_up in ["", "secret.3.7.p", "secret", &"0".repeat(64)] {
            assert_eq!(Token::verified(made_up, "secret"), None, "{made_up}");
        }
    }
}
