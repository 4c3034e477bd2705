//! The hub as one value: everything that a handler may need, made once at start.

use std::sync::Arc;

use casework::Policy;

use crate::always_allowed::AlwaysAllowedNumbers;
use crate::applications::{AnswerTimes, Applications};
use crate::attempts::ReportsUnderWay;
use crate::custody::{Custody, RaiseAlerts};
use crate::keys::HubKeys;
use crate::mailroom::Mailroom;
use crate::publish::{Monotonic, Publisher};
use crate::seams::Seams;
use crate::store::{IdempotencyKey, Store, StoreError};

/// What a hub is made of.
pub struct HubParts {
    /// The open store.
    pub store: Arc<Store>,
    /// The hub's keys.
    pub keys: Arc<HubKeys>,
    /// Clock and randomness.
    pub seams: Seams,
    /// The clock by which gates fall silent.
    pub instants: Arc<dyn Monotonic>,
    /// When a bar comes at once.
    pub policy: Policy,
    /// What cannot be barred for the estate.
    pub always_allowed: AlwaysAllowedNumbers,
    /// One address in so many is a decoy, whose letters go to the shelf; 0 for none.
    pub one_pass_in: u32,
    /// When contact applications are answered.
    pub answer_times: AnswerTimes,
    /// Whether a no-contact alert is asked for on the records of barred prisoners.
    pub raise_alerts: RaiseAlerts,
}

/// A hub that runs. Cheap to share behind an `Arc`; handlers get it as their state.
pub struct Hub {
    /// The store.
    pub store: Arc<Store>,
    /// The hub's keys.
    pub keys: Arc<HubKeys>,
    /// Clock and randomness.
    pub seams: Seams,
    /// When a bar comes at once.
    pub policy: Policy,
    /// What cannot be barred for the estate.
    pub always_allowed: AlwaysAllowedNumbers,
    /// The feed's source.
    pub publisher: Arc<Publisher>,
    /// The gates whose reports are being read.
    pub(crate) reports: ReportsUnderWay,
    /// Who is in custody.
    pub custody: Custody,
    /// Which addresses may not be written to.
    pub mailroom: Mailroom,
    /// Whom prisoners ask to be allowed to ring.
    pub applications: Applications,
    /// Whether a no-contact alert is asked for on the records of barred prisoners.
    pub raise_alerts: RaiseAlerts,
}

impl Hub {
    /// Starts the feed and reads what is kept in memory.
    pub async fn start(parts: HubParts) -> Result<Arc<Self>, StoreError> {
        let HubParts {
            store,
            keys,
            seams,
            instants,
            policy,
            always_allowed,
            one_pass_in,
            answer_times,
            raise_alerts,
        } = parts;
        let publisher =
            Publisher::start(Arc::clone(&store), Arc::clone(&keys), seams.clone(), instants).await?;
        let custody = Custody::read(&store).await?;
        let mailroom = Mailroom::new(one_pass_in);
        Ok(Arc::new(Self {
            store,
            keys,
            seams,
            policy,
            always_allowed,
            publisher,
            reports: ReportsUnderWay::default(),
            custody,
            mailroom,
            applications: Applications::new(answer_times),
            raise_alerts,
        }))
    }

    /// Ends the feed's streams and tasks.
    pub fn stop(&self) {
        self.publisher.stop();
    }

    /// A caller's idempotency key together with the hash of the body that came with it.
    pub fn idempotency_key(&self, key: String, body: &[u8]) -> IdempotencyKey {
        IdempotencyKey {
            key,
            body_hash: self.keys.body_hash(body),
        }
    }
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hub({:?})", self.publisher)
    }
}
