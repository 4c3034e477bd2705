//! What a gate promises, tried from outside: the list and its algebra, verdicts, SIP bytes, power cuts, and
//! whole gates that follow a feed and answer real calls.
#![expect(clippy::unwrap_used, reason = "tests")]

mod attacks;
mod authorise;
mod check;
mod config;
mod crash;
mod differential;
mod disk;
mod evidence;
mod exceptions;
mod full;
mod hold;
mod http;
mod hub;
mod keys;
mod lanes;
mod list;
mod live;
mod metrics;
mod mishaps;
mod openapi;
mod place;
mod platform;
mod report;
mod sip;
mod source;
mod story;
mod table;
mod tcp;
mod timing;
mod turns;
