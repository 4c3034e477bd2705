//! What a gate promises, tried from outside: the list and its algebra, verdicts, SIP bytes, power cuts, and
//! whole gates that follow a feed and answer real calls.
#![expect(clippy::unwrap_used, reason = "tests")]

mod authorise;
mod config;
mod crash;
mod disk;
mod evidence;
mod full;
mod hold;
mod http;
mod hub;
mod lanes;
mod list;
mod place;
mod report;
mod sip;
mod source;
mod story;
mod turns;
