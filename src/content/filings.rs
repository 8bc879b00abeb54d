//! 备案号: the numbers under which a site in mainland China is registered. Pure.

use unicode_normalization::UnicodeNormalization as _;

/// The short names of the provinces, with which every number begins.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
/// Digits of an ICP number: five in the oldest, ten since years have four.
const ICP_DIGITS: std::ops::RangeInclusive<usize> = 5..=14;
/// Digits of the site within an ICP number.
const SITE_DIGITS: std::ops::RangeInclusive<usize> = 1..=3;
/// Digits of a police number; fourteen in all but the oldest.
const POLICE_DIGITS: std::ops::RangeInclusive<usize> = 11..=14;

/// A number as it is written: no white space, no full-width signs. What is no number stays as it is.
pub(super) fn tidied(text: &str, is_number: fn(&str) -> bool) -> String {
    let plain: String = text.nfkc().filter(|character| !character.is_whitespace()).collect();
    let plain = plain.replace(['—', '–', '−'], "-").replace("icp", "ICP");
    if is_number(&plain) { plain } else { super::article::one_line(text) }
}

/// Whether this is an ICP number: 京ICP备2021012345号-1.
pub fn is_icp(text: &str) -> bool {
    let Some(rest) = after_province(text) else { return false };
    let Some(rest) = rest.strip_prefix("ICP备").or_else(|| rest.strip_prefix("ICP证")) else { return false };
    let Some((number, site)) = rest.split_once('号') else { return false };
    let site_fits = site.is_empty() || site.strip_prefix('-').is_some_and(|site| is_digits(site, SITE_DIGITS));
    is_digits(number, ICP_DIGITS) && site_fits
}

/// Whether this is a police number: 京公网安备11000002000001号.
pub fn is_police(text: &str) -> bool {
    let rest = after_province(text).and_then(|rest| rest.strip_prefix("公网安备"));
    rest.and_then(|rest| rest.strip_suffix('号')).is_some_and(|number| is_digits(number, POLICE_DIGITS))
}

fn after_province(text: &str) -> Option<&str> {
    text.strip_prefix(|first: char| PROVINCES.contains(first))
}

fn is_digits(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_all_times_are_taken() {
        for number in ["京ICP备2021012345号-1", "粤ICP备05012345号", "京ICP证030173号", "浙ICP备12345678号-12"]
        {
            assert!(is_icp(number), "{number}");
        }
        for number in ["京公网安备11000002000001号", "浙公网安备330100000012号"] {
            assert!(is_police(number), "{number}");
        }
    }

    #[test]
    fn anything_else_is_not() {
        for text in [
            "",
            "京ICP备号",
            "京ICP备12号",
            "ICP备2021012345号",
            "美ICP备2021012345号",
            "京ICP备2021012345",
            "京ICP备2021012345号-",
            "京ICP备2021012345号-1<b>",
            "京ICP备2021o12345号",
        ] {
            assert!(!is_icp(text), "{text}");
        }
        for text in
            ["", "京公网安备号", "京公网安备1100000200000号x", "公网安备11000002000001号", "京ICP备2021012345号"]
        {
            assert!(!is_police(text), "{text}");
        }
    }

    #[test]
    fn a_number_is_written_without_what_an_input_method_adds() {
        assert_eq!(tidied(" 京ＩＣＰ备２０２１０１２３４５号－１ ", is_icp), "京ICP备2021012345号-1");
        assert_eq!(tidied("京icp备 2021012345号—1", is_icp), "京ICP备2021012345号-1");
        assert_eq!(tidied("京公网安备 11000002000001号", is_police), "京公网安备11000002000001号");
        assert_eq!(tidied(" No. 5 ", is_icp), "No. 5");
    }
}
