//! Checks by readers' own phones: what became of `wx.config` in the last day. Some faults show nowhere else.

use super::{Finding, Words};
use crate::stats::{ConfigResult, ConfigTally};
use crate::wechat::{Platform, cure};

/// Fewer readers than this prove nothing.
const ENOUGH: i64 = 20;
/// Below so many in a thousand somebody should look; below the lower one cards are wrong for many.
const FEW: i64 = 980;
const TOO_FEW: i64 = 800;

/// What is wrong, if the phones say so.
pub(super) fn examine(platform: Platform, tally: &ConfigTally, words: Words) -> Option<Finding> {
    let per_mille = tally.per_mille().filter(|per_mille| tally.readers() >= ENOUGH && *per_mille < FEW)?;
    let (failure, count) = tally.commonest_failure()?;
    let cure = cure::of_js_error(message(failure));
    let name = match platform {
        Platform::Official => words.pick("公众号", "official account"),
        Platform::WeCom => words.pick("企业微信", "WeCom"),
    };
    let percent = format!("{}.{} %", per_mille / 10, per_mille % 10);
    let what = match words.pick("zh", "en") {
        "zh" => format!(
            "{name}：最近 24 小时只有 {percent} 的读者配置成功；最多的原因是{}（{count} 次）",
            reason(failure, cure, words)
        ),
        _ => format!(
            "{name}: only {percent} of the readers were configured in the last 24 hours; most often {} ({count})",
            reason(failure, cure, words)
        ),
    };
    let action = match failure {
        ConfigResult::SdkMissing => words.pick(
            "把 jweixin-1.6.0.js 存为数据目录下的 jweixin.js，程序会自己提供",
            "save jweixin-1.6.0.js as jweixin.js in the data directory, and it is served from here",
        ),
        _ => cure.action(words.0),
    };
    let finding = if per_mille < TOO_FEW { Finding::problem } else { Finding::warning };
    Some(finding("readers", what, action))
}

fn reason(failure: ConfigResult, cure: &cure::Cure, words: Words) -> &str {
    match failure {
        ConfigResult::SdkMissing => words.pick("下载不到 JS-SDK", "the JS-SDK could not be loaded"),
        _ => cure.meaning(words.0),
    }
}

/// In the SDK's words, by which the dictionary finds its entry.
fn message(result: ConfigResult) -> &'static str {
    match result {
        ConfigResult::InvalidSignature => "invalid signature",
        ConfigResult::InvalidDomain => "invalid url domain",
        ConfigResult::Denied => "permission denied",
        ConfigResult::Ok | ConfigResult::Recovered | ConfigResult::Failed | ConfigResult::SdkMissing => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Language;
    use crate::diagnosis::Verdict;

    fn found(ok: i64, failure: ConfigResult, failed: i64) -> Option<Finding> {
        let tally = ConfigTally::default().with(ConfigResult::Ok, ok).with(failure, failed);
        examine(Platform::Official, &tally, Words(Language::SimplifiedChinese))
    }

    #[test]
    fn a_few_phones_prove_nothing_and_many_do() {
        assert!(found(5, ConfigResult::InvalidDomain, 14).is_none());
        assert!(found(99, ConfigResult::InvalidDomain, 1).is_none());
        assert_eq!(found(90, ConfigResult::InvalidDomain, 10).unwrap().verdict, Verdict::Warning);
        let bad = found(10, ConfigResult::InvalidDomain, 10).unwrap();
        assert_eq!(bad.verdict, Verdict::Problem);
        assert!(bad.what.contains("50.0 %") && bad.cure.contains("JS接口安全域名"), "{bad:?}");
        assert!(found(10, ConfigResult::SdkMissing, 10).unwrap().cure.contains("jweixin"));
    }
}
