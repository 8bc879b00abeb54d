//! A QR code as the path of a drawing: no picture is fetched, and no markup is made of text.

use qrcode::{Color, EcLevel, QrCode};

/// The light border that scanners need, in modules.
const MARGIN: usize = 4;

/// A QR code that a page draws.
#[derive(Debug)]
pub(crate) struct Qr {
    /// The sides of the drawing, in modules.
    pub(crate) side: usize,
    /// The dark modules: what the drawing's `path` follows.
    pub(crate) path: String,
}

impl Qr {
    /// The code of `text`; none: it is too long for one.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
        let (width, colors) = (code.width(), code.to_colors());
        let mut path = String::new();
        for (y, row) in colors.chunks(width).enumerate() {
            for (x, _) in row.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
                path.extend(["M", &(x + MARGIN).to_string(), " ", &(y + MARGIN).to_string(), "h1v1h-1z"]);
            }
        }
        Some(Self { side: width + 2 * MARGIN, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners() {
        let qr = Qr::of("otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ").unwrap();
        let last = qr.side - MARGIN - 1;
        for (x, y) in [(MARGIN, MARGIN), (last, MARGIN), (MARGIN, last)] {
            assert!(qr.path.contains(&format!("M{x} {y}h1v1h-1z")), "{x} {y}");
        }
        assert!(qr.path.chars().all(|c| c.is_ascii_digit() || "Mhvz- ".contains(c)), "{}", qr.path);
        assert!(Qr::of(&"x".repeat(5000)).is_none());
    }
}
