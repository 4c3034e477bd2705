//! What a clerk types off an envelope, or a scanner reads there.

use postal::{AddressList, LetterVerdict, PostalAddress, WrittenAddress, compare};

/// The most pieces of evidence that one comparison gives.
const MOST_REASONS: usize = 12;

/// The text of an envelope, and behind a zero byte the postcode apart. Whatever it is, it is read or refused; what is
/// read is read the same again, agrees with itself in all that it has, and a list finds what comparing finds.
pub(crate) fn envelope(bytes: &[u8]) {
    let Some(address) = read(bytes) else { return };
    assert!(
        read(bytes).as_ref() == Some(&address),
        "read twice, it says another thing"
    );
    let itself = compare(&address, &address);
    assert!(itself.reasons.len() <= MOST_REASONS);
    let found = AddressList::build([(1, address.clone())]).find(&address);
    assert!(found.verdict == itself.verdict || found.best.is_none() && itself.score <= 0);
}

/// Two envelopes, a line with a `=` between them. A list names nothing that comparing does not, and the verdict is that
/// of the points.
pub(crate) fn envelopes(bytes: &[u8]) {
    let cut = bytes
        .iter()
        .position(|&byte| byte == b'=')
        .unwrap_or(bytes.len() / 2);
    let (one, other) = bytes.split_at(cut);
    let other = other.strip_prefix(b"=").unwrap_or(other);
    let (Some(one), Some(other)) = (read(one), read(other)) else {
        return;
    };
    let compared = compare(&one, &other);
    let found = AddressList::build([(1, other)]).find(&one);
    assert!(
        found.verdict <= compared.verdict,
        "the list is surer than the comparison"
    );
    assert!(found.verdict == LetterVerdict::Pass || found.score == Some(compared.score));
}

fn read(bytes: &[u8]) -> Option<PostalAddress> {
    let text = String::from_utf8_lossy(bytes);
    let (lines, postcode) = match text.split_once('\0') {
        Some((lines, postcode)) => (lines, Some(postcode)),
        None => (&*text, None),
    };
    PostalAddress::parse(&WrittenAddress::new(lines).ok()?, postcode).ok()
}
