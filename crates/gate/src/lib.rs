//! A prison's gate: follows the hub's feed, holds its own list, answers every call.
//!
//! ```text
//! hub -> follow -> hold -> list -> authorise -> answer -> phone switch
//!                                      |
//!                                      +------> report -> hub
//! ```
//! The phone switch asks before every call, by SIP or HTTP ([`answer`]). What was dialled is resolved to a
//! number, and [`authorise`] rules on it from the [`list`](mod@list) in memory: it waits for nothing and
//! cannot fail, and the hub need not be there. What rings by its class, and which blocks of numbers exist, stand in
//! [`classes`] and [`allocations`]. Whatever cannot be resolved, is not known, or comes while there
//! is no list is refused; only the always-allowed numbers pass in every state. All refusals are alike.
//!
//! Beside that, and never in its way: [`follow`] asks the hub for the feed, checks each line's signature
//! before reading it, and applies it to a copy of the list. [`hold`] brings the change to the disk, sealed,
//! fsynced. Only then is the list in force swapped for the new one, and only then does the hub hear an
//! acknowledgement. [`report`] seals what was asked to the hub's public key, so that the gate itself cannot
//! read it back, and forgets it once the hub has stored it.
//!
//! Calls that are up when their number comes to be refused are ended, where the phone platform can: [`live`].
//!
//! The box holds no numbers, only fingerprints under a key of its own ([`identity`], [`state_key`]), and no
//! type in this crate can hold a victim. [`status`] says how the gate stands. [`run`](mod@run) puts it all
//! together, [`check`] says beforehand what a box can do, [`cli`] makes commands of it, and [`client`] asks a gate as a switch would. The clock, the
//! randomness and the [`disk`] are passed in ([`seams`]).

pub mod allocations;
pub mod answer;
pub mod authorise;
pub mod check;
pub mod classes;
pub mod cli;
pub mod client;
pub mod config;
pub mod disk;
pub mod follow;
pub mod hold;
pub mod identity;
pub mod list;
pub mod live;
pub mod report;
pub mod run;
pub mod seams;
pub mod state_key;
pub mod status;

pub use run::run;
