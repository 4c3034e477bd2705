//! `upcs`: one program for the whole service. `hub` and `gate` run the two halves, `demo` runs both on one
//! machine with fictional people, `tour` walks the journey through a demo by itself and fails if a step is not
//! as it should be, `call` asks a gate as a prison's switch would, and the batch commands run the same
//! engines over files.
//!
//! The library is what the stories in `tests/` use; the program is [`cli::main`].

pub mod attest;
pub mod batch;
pub mod call;
pub mod children;
pub mod cli;
pub mod conformance;
pub mod demo;
pub mod say;
pub mod tour;
