//! How many letters one account may check in an hour, by page, batch or JSON together: enough for a mailroom,
//! too few to type a town's addresses one by one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use casework::AccountId;
use jiff::Timestamp;

/// Letters that one account may check in one hour.
pub const CHECKS_PER_ACCOUNT_AND_HOUR: u32 = 600;

/// The checks of the hour that runs.
#[derive(Default)]
pub(super) struct Rate(Mutex<Hour>);

#[derive(Default)]
struct Hour {
    hour: i64,
    checks: HashMap<AccountId, u32>,
}

impl Rate {
    /// Counts one check; `false` if the account has none left.
    pub(super) fn take(&self, account: AccountId, now: Timestamp) -> bool {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hour = now.as_second() / 3_600;
        if counted.hour != hour {
            *counted = Hour {
                hour,
                checks: HashMap::new(),
            };
        }
        let checks = counted.checks.entry(account).or_default();
        if *checks >= CHECKS_PER_ACCOUNT_AND_HOUR {
            return false;
        }
        *checks += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn an_account_may_check_up_to_the_cap_in_an_hour_and_one_past_it_waits() {
        let rate = Rate::default();
        let account = AccountId(Uuid::from_u128(1));
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        for _ in 0..CHECKS_PER_ACCOUNT_AND_HOUR {
            assert!(rate.take(account, now));
        }
        assert!(!rate.take(account, now));
        assert!(
            rate.take(AccountId(Uuid::from_u128(2)), now),
            "another account is not touched"
        );
        assert!(
            rate.take(account, Timestamp::from_second(1_800_003_600).unwrap()),
            "the next hour"
        );
    }
}
