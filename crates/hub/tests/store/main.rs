//! The store's story, through its public verbs: the same tests on SQLite and on PostgreSQL.
//!
//! On PostgreSQL each test makes a schema of its own in the database that `UPCS_TEST_POSTGRES` names
//! (`postgres://NAME:PASSWORD@HOST/DATABASE`); run them with `-- --include-ignored`.
#![expect(clippy::unwrap_used, reason = "tests")]

mod alert_requests;
mod alerts;
mod alerts_on_record;
mod applications;
mod audit;
mod by_call;
mod custody;
mod custody_events;
mod exemptions;
mod filing;
mod gates;
mod holders;
mod imports;
mod letters;
mod lifting;
mod lists;
mod mailroom;
mod merges;
mod no_contact;
mod offered;
mod people;
mod proposals;
mod queue;
mod releases;
mod rosters;
mod secrets;
mod set_aside;
mod single_actor;
mod support;
mod upkeep;
mod verified;

/// Makes each story a test on either engine.
macro_rules! stories {
    ($($(#[$doc:meta])* async fn $name:ident($store:ident: &TestStore) $body:block)*) => {
        $( $(#[$doc])* async fn $name($store: &crate::support::TestStore) $body )*

        mod on_sqlite {
            $( #[tokio::test] async fn $name() {
                super::$name(&crate::support::TestStore::sqlite().await).await;
            } )*
        }

        mod on_postgres {
            $( #[tokio::test] #[ignore = "needs PostgreSQL, named by UPCS_TEST_POSTGRES"] async fn $name() {
                super::$name(&crate::support::TestStore::postgres().await).await;
            } )*
        }
    };
}
pub(crate) use stories;
