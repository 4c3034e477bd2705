//! SIP over UDP: threads that take what has come in one system call, rule on each datagram, hand the records on
//! without waiting, and send the answers in another.

use std::io;
use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::Desk;
use super::batch::Batch;
use super::call::{Received, answer};

/// How often a quiet thread looks whether it should end.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The threads that answer on one socket.
pub struct UdpAnswers {
    threads: Vec<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
}

impl UdpAnswers {
    /// Starts `threads` threads on a bound socket.
    pub fn start(desk: &Arc<Desk>, socket: &UdpSocket, threads: usize) -> io::Result<Self> {
        socket.set_read_timeout(Some(LOOK_EVERY))?;
        let stop = Arc::new(AtomicBool::new(false));
        let start = |number| {
            let (desk, socket, stop) = (Arc::clone(desk), socket.try_clone()?, Arc::clone(&stop));
            Builder::new()
                .name(format!("sip-{number}"))
                .spawn(move || serve(&desk, &socket, &stop))
        };
        let threads = (0..threads.max(1)).map(start).collect::<io::Result<_>>()?;
        Ok(Self { threads, stop })
    }

    /// Answers what is being answered, and ends.
    pub fn drain(self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a thread that answered calls had ended by a fault of the program");
            }
        }
    }
}

fn serve(desk: &Desk, socket: &UdpSocket, stop: &AtomicBool) {
    let mut batch = Batch::new();
    while !stop.load(Ordering::Relaxed) {
        batch.exchange(socket, |bytes, source, out| {
            let is_whole = true;
            answer(
                desk,
                Received {
                    bytes,
                    is_whole,
                    source,
                },
                out,
            )
        });
    }
}
