//! Somebody on the way who does not have the hub's key signs lines of his own, or writes what is no line.

use feed::{Message, Serial};

use super::{BARRED, CALLER, a_new_bar_reaches};
use crate::turns::{following, refused};

enum Line {
    Forged(Message),
    Garbage,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_the_hub_did_not_sign_changes_nothing() {
    let (hub, _place, gate) = following().await;
    let mut forged = hub.with_source(|source| source.clone());
    let withdrawal = forged.change(&[], &[1], &[]);
    for line in [Line::Forged(withdrawal), Line::Garbage] {
        let send = async || match line {
            Line::Forged(message) => hub.send_forged(message).await,
            Line::Garbage => hub.send(b"not a line".to_vec()).await,
        };
        let asked = refused(&hub, send).await;
        assert_eq!(asked.from.map(|(_, serial)| serial), Some(Serial(5)));
        assert!(!gate.allows(CALLER, BARRED).await);
    }
    a_new_bar_reaches(&hub, &gate).await;
    gate.stop().await;
}
