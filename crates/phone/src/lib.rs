//! What was dialled becomes a [`PhoneNumber`], or the reason why it cannot ([`Refused`]).
//!
//! Prisoners, switches, referrers and spreadsheets write one number in many forms. Everything that compares
//! numbers compares the canonical form made here, on both sides, so that no form of a barred number passes
//! for another number. What cannot be resolved for certain is refused with its reason; nothing is guessed.
//!
//! The way through: [`resolve`] cleans what was dialled, strips the service prefixes that a network would
//! swallow (141, 1470, 18001 ...), and reads the rest as international, national, local or short. The
//! [`Class`] of the number goes with it, for a gate's policy. [`resolve_request_uri`] first takes a SIP or
//! tel URI apart. The tables of prefixes, short codes, ranges, closed areas and aliases are files in `data/`, with
//! their sources; [`Allocations`] are Ofcom's own files of number blocks, where an operator has them.

mod allocations;
mod class;
mod dial;
mod international;
mod number;
mod prefix;
mod resolve;
mod short;
mod table;
mod uk;
mod uri;

pub use allocations::{Allocations, AllocationsError, BlockCount, MAX_BLOCKS};
pub use class::Class;
pub use dial::{Dialled, dial_line};
pub use number::{NotCanonical, PhoneNumber, exposed};
pub use resolve::{AreaCode, MAX_DIALLED_BYTES, NotAnAreaCode, Refused, Resolved, Service, resolve};
pub use uri::resolve_request_uri;
