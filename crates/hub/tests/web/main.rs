//! The pages by identity, through the real router and a real store on a temporary SQLite file.
#![expect(clippy::unwrap_used, reason = "tests")]

mod alerts;
mod alerts_on_record;
mod applications;
mod by_call;
mod cases;
mod doors;
mod earlier_cases;
mod letters;
mod lists;
mod live_calls;
mod mailroom;
mod no_contact;
mod offered;
mod operations;
mod prison;
mod proposals;
mod record_alerts;
mod referrers;
mod releases;
mod request;
mod support;
mod verified;
mod words;
