//! A label as PDF, of the size that label printers take (102 by 51 mm): the code in letters and, so that a scanner reads
//! it back, as bars (Code 39).

use barcoders::sym::code39::Code39;
use pdf_writer::{Content, Name, Pdf, Rect, Ref, Str};

/// What stands on a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The code.
    pub code: String,
    /// The prison's name.
    pub prison: String,
    /// The day on which the letter was put on the shelf, in words.
    pub day: String,
    /// That it stays on the shelf.
    pub stays: String,
}

/// Width and height, in points.
const SIZE: (f32, f32) = (289.0, 145.0);
/// From the label's left side, in points.
const MARGIN: f32 = 14.0;
/// The width of a narrow bar, in points: as wide as the code and its two ends fit.
const NARROW: f32 = 2.2;
const PLAIN: Name<'_> = Name(b"Plain");
const BOLD: Name<'_> = Name(b"Bold");

/// The label as a PDF file. The two fonts are among those that every reader has.
pub fn label_pdf(label: &Label) -> Vec<u8> {
    let [catalog, pages, page, plain, bold, content] = [1, 2, 3, 4, 5, 6].map(Ref::new);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    let mut sheet = pdf.page(page);
    sheet
        .parent(pages)
        .media_box(Rect::new(0.0, 0.0, SIZE.0, SIZE.1))
        .contents(content);
    sheet.resources().fonts().pair(PLAIN, plain).pair(BOLD, bold);
    drop(sheet);
    for (font, name) in [(plain, "Helvetica"), (bold, "Helvetica-Bold")] {
        pdf.type1_font(font)
            .base_font(Name(name.as_bytes()))
            .encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    pdf.stream(content, &drawn(label));
    pdf.finish()
}

fn drawn(label: &Label) -> Vec<u8> {
    let mut content = Content::new();
    let mut line = |font, size, height, words: &str| {
        content
            .begin_text()
            .set_font(font, size)
            .next_line(MARGIN, height)
            .show(Str(&encoded(words)))
            .end_text();
    };
    line(BOLD, 34.0, 106.0, &label.code);
    line(PLAIN, 11.0, 88.0, &label.prison);
    line(PLAIN, 11.0, 74.0, &label.day);
    line(BOLD, 11.0, 12.0, &label.stays);
    let mut x = MARGIN;
    for dark in bars(&label.code) {
        if dark {
            content.rect(x, 30.0, NARROW, 34.0);
        }
        x += NARROW;
    }
    content.fill_nonzero();
    content.finish().into_vec()
}

/// Which narrow places between the two ends are dark. No code has a character that Code 39 lacks: what has one gets
/// no bars.
fn bars(code: &str) -> Vec<bool> {
    let encoded = Code39::new(code).map(|barcode| barcode.encode());
    encoded
        .unwrap_or_default()
        .into_iter()
        .map(|unit| unit == 1)
        .collect()
}

/// Words in the encoding of the fonts; what that does not have becomes its nearest letter or a question mark.
fn encoded(words: &str) -> Vec<u8> {
    let byte = |character| match character {
        '\u{2019}' => 0x92,
        'Ŵ' => b'W',
        'ŵ' => b'w',
        'Ŷ' => b'Y',
        'ŷ' => b'y',
        other => u8::try_from(other).unwrap_or(b'?'),
    };
    words.chars().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_one_page_with_the_code_the_prison_and_what_becomes_of_the_letter() {
        let label = Label {
            code: "K7QM2V".to_owned(),
            prison: "Leeds (HMP)".to_owned(),
            day: "Ar y silff ers 2026-11-26".to_owned(),
            stays: "Mae’n aros".to_owned(),
        };
        let pdf = label_pdf(&label);
        let holds = |wanted: &[u8]| pdf.windows(wanted.len()).any(|found| found == wanted);
        assert!(pdf.starts_with(b"%PDF-") && pdf.ends_with(b"%%EOF"));
        for wanted in [
            &b"(K7QM2V)"[..],
            b"2026-11-26",
            b"<4D6165926E2061726F73>",
            b"/Count 1",
        ] {
            assert!(holds(wanted), "{}", String::from_utf8_lossy(wanted));
        }
    }

    #[test]
    fn a_code_is_five_bars_for_each_character_and_each_end_and_fits_on_the_label() {
        let dark = bars("K7QM2V");
        let begins = dark.windows(2).filter(|pair| !pair[0] && pair[1]).count() + usize::from(dark[0]);
        assert_eq!(begins, 8 * 5);
        let units = u16::try_from(dark.len()).unwrap();
        assert!(MARGIN + f32::from(units) * NARROW < SIZE.0 - MARGIN);
    }
}
