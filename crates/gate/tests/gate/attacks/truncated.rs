//! Somebody on the way, or a broken connection, cuts a line short: a list with its end missing would hold fewer bars.

use feed::Serial;

use super::{BARRED, CALLER, a_new_bar_reaches};
use crate::turns::{following, refused};

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_ends_early_is_not_taken_wherever_it_is_cut() {
    let (hub, _place, gate) = following().await;
    let snapshot = hub.with_source(|source| source.snapshot());
    let line = hub.line_of(snapshot);
    for end in [0, 40, 87, line.len() / 2, line.len() - 1] {
        let cut = line[..end].to_vec();
        let asked = refused(&hub, async || hub.send(cut).await).await;
        assert_eq!(
            asked.from.map(|(_, serial)| serial),
            Some(Serial(5)),
            "cut at {end}"
        );
    }
    assert!(!gate.allows(CALLER, BARRED).await);
    a_new_bar_reaches(&hub, &gate).await;
    gate.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_inside_a_line_leaves_the_list_as_it_was() {
    let (hub, _place, gate) = following().await;
    let lift = hub.with_source(|source| source.clone().change(&[], &[1], &[]));
    let line = hub.line_of(lift);
    hub.send_bytes(line[..line.len() - 10].to_vec()).await;
    let asked = hub.asked_again(async || hub.cut()).await;
    assert_eq!(asked.from.map(|(_, serial)| serial), Some(Serial(5)));
    assert!(!gate.allows(CALLER, BARRED).await);
    a_new_bar_reaches(&hub, &gate).await;
    gate.stop().await;
}
