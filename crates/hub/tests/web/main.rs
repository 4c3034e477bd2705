//! The pages by identity, through the real router and a real store on a temporary SQLite file.
#![expect(clippy::unwrap_used, reason = "tests")]

mod applications;
mod cases;
mod doors;
mod letters;
mod operations;
mod prison;
mod proposals;
mod referrers;
mod request;
mod support;
