//! The hub's JSON verbs by identity, through the real router and a real store on a temporary SQLite file; the
//! feed over a real socket, with gates that use nothing but the feed's own types.
#![expect(clippy::unwrap_used, reason = "tests")]

mod alarms;
mod alive;
mod applications;
mod attempts;
mod attestations;
mod custody;
mod damage;
mod exceptions;
mod feed_stream;
mod flood;
mod gate;
mod gate_lists;
mod intelligence;
mod letters;
mod live_calls;
mod offered;
mod openapi;
mod proof;
mod record_alerts;
mod renewal;
mod requests;
mod room;
mod run;
mod sessions;
mod support;
mod unread;
mod verified;
mod where_he_is;
