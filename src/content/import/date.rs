//! Dates as people write them into front matter. Pure.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

use crate::clock::Millis;

/// With an offset of their own.
const ZONED: [&str; 4] =
    ["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M %z", "%Y-%m-%dT%H:%M:%S%z", "%a, %d %b %Y %H:%M:%S %z"];
/// In the site's time zone.
const LOCAL: [&str; 3] = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"];

/// The moment that `text` names; in `zone` if it names no zone.
pub(super) fn parse(text: &str, zone: &TimeZone) -> Option<Millis> {
    let text = text.trim();
    let moment = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| zoned(text))
        .or_else(|| local(text).and_then(|civil| zone.to_timestamp(civil).ok()))?;
    // A template that was never filled in says year 1.
    let plausible = moment >= Timestamp::from_second(-2_208_988_800).ok()?;
    plausible.then(|| Millis(moment.as_millisecond()))
}

fn zoned(text: &str) -> Option<Timestamp> {
    // Go prints "2018-10-09 12:26:41 +0800 CST".
    let text = text.trim_end_matches(|character: char| character.is_ascii_alphabetic()).trim_end();
    ZONED.iter().find_map(|format| BrokenDownTime::parse(format, text).ok()?.to_timestamp().ok())
}

fn local(text: &str) -> Option<DateTime> {
    if let Ok(civil) = text.parse::<DateTime>() {
        return Some(civil);
    }
    let text = text.replace(['/', '.', '年', '月'], "-").replace('日', "");
    LOCAL.iter().find_map(|format| {
        let parts = BrokenDownTime::parse(format, &text).ok()?;
        parts.to_datetime().or_else(|_| parts.to_date().map(Date::into)).ok()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shanghai(text: &str) -> Option<i64> {
        parse(text, &TimeZone::get("Asia/Shanghai").unwrap()).map(Millis::as_secs)
    }

    #[test]
    fn a_date_with_a_zone_keeps_it() {
        for text in [
            "2018-10-09T12:26:41+08:00",
            "2018-10-09T04:26:41Z",
            "2018-10-09 12:26:41 +0800",
            "2018-10-09 12:26:41 +0800 CST",
            "2018-10-09T12:26:41+0800",
            "Tue, 09 Oct 2018 12:26:41 +0800",
        ] {
            assert_eq!(shanghai(text), Some(1_539_059_201), "{text}");
        }
    }

    #[test]
    fn a_date_without_a_zone_is_the_sites() {
        for text in ["2018-10-09T12:26:41", "2018-10-09 12:26:41", "2018/10/9 12:26:41"] {
            assert_eq!(shanghai(text), Some(1_539_059_201), "{text}");
        }
        for text in ["2018-10-09", "2018/10/09", "2018.10.9", "2018年10月9日", "2018-10-09 00:00"] {
            assert_eq!(shanghai(text), Some(1_539_014_400), "{text}");
        }
    }

    #[test]
    fn nonsense_is_no_date() {
        for text in ["", "yesterday", "2018-13-01", "2018-02-30", "0001-01-01T00:00:00Z", "{{ .Date }}", "1"] {
            assert_eq!(shanghai(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}") {
            let _read = shanghai(&text);
        }
    }
}
