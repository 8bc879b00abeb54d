//! Why a file is not taken in, as sentences that help.

use super::Size;

/// Why a file is not taken in as a picture, a video or an attachment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// More bytes than [`MOST_BYTES`](super::MOST_BYTES).
    #[error("the file is larger than 30 MB")]
    TooManyBytes,
    /// More bytes than a video may have.
    #[error("the video is larger than 100 MB")]
    TooLongVideo,
    /// None of the accepted formats, whatever its name says.
    #[error("not a JPEG, PNG, GIF or WebP picture")]
    Unknown,
    /// Nothing in it.
    #[error("the file is empty; it may not have been saved or copied completely: look at it and choose it again")]
    Empty,
    /// A picture of another format, by its name.
    #[error("this is a {0} picture, which many browsers cannot show; export it as JPEG or PNG and upload that")]
    Foreign(&'static str),
    /// What newer phones make, and few browsers show.
    #[error(
        "this is a HEIC picture, which most browsers cannot show; on the iPhone choose Settings, Camera, \
         Formats, Most Compatible and take it again, or send it to yourself in WeChat as the full image and save it"
    )]
    Heif,
    /// SVG, HTML and the like.
    #[error("SVG and HTML files may carry scripts and are not taken in; export a drawing as PNG")]
    Markup,
    /// More pixels than [`MOST_PIXELS`](super::MOST_PIXELS), or a side longer than
    /// [`LONGEST_SIDE`](super::LONGEST_SIDE).
    #[error("{} × {} pixels are more than 64 megapixels or 12000 a side", .0.width, .0.height)]
    TooManyPixels(Size),
    /// An animation that would take minutes to open.
    #[error("the animation has too many frames")]
    TooManyFrames,
    /// It begins like a picture but cannot be decoded.
    #[error("the picture is damaged")]
    Broken,
    /// It begins like a video but does not go on as one.
    #[error("the video is damaged or did not arrive completely")]
    BrokenVideo,
    /// A video that phones would not play.
    #[error("the video is not an MP4 of H.264 and AAC; export it as such, with picture and sound only")]
    VideoFormat,
    /// A name that does not end as one of an attachment does.
    #[error("not a PDF, Word, Excel, PowerPoint, zip or text file")]
    NoAttachment,
    /// Something else under the name of an attachment.
    #[error("the file is not what its name ending in .{0} says")]
    Disguised(&'static str),
    /// A name by which a platform would know the site's owner.
    #[error(
        "a file of this name proves to a platform who owns this site, so it is not taken in here; an administrator \
         places it under Verification files"
    )]
    Verification,
    /// What takes the place of a picture is a picture, and so on.
    #[error("a picture is replaced by a picture, a video by a video, an attachment by an attachment")]
    OtherKind,
}

impl Unfit {
    /// The same in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::TooManyBytes => "文件超过 30 MB".to_owned(),
            Self::TooLongVideo => "视频超过 100 MB，请剪短或降低清晰度后再上传".to_owned(),
            Self::Unknown => "不是 JPEG、PNG、GIF 或 WebP 图片".to_owned(),
            Self::Empty => "文件是空的，可能没有保存或复制完整，请检查后重新选择".to_owned(),
            Self::Foreign(format) => {
                format!(
                    "这是 {format} 格式的图片，不少手机和浏览器打不开。请用看图或修图软件另存为 JPEG 或 PNG 后再上传"
                )
            }
            Self::Heif => "这是 HEIC 图片，多数浏览器打不开。请在 iPhone 的“设置 → 相机 → 格式”中选“兼容性最佳”后\
                           重新拍摄，或在微信里以“原图”发给自己，保存后再上传"
                .to_owned(),
            Self::Markup => "SVG、HTML 等文件可能带有脚本，不能上传；图形请导出为 PNG".to_owned(),
            Self::TooManyPixels(size) => {
                format!("{} × {} 像素，超过 6400 万像素或单边 12000 像素的上限", size.width, size.height)
            }
            Self::TooManyFrames => "动图帧数过多".to_owned(),
            Self::Broken => "图片已损坏".to_owned(),
            Self::BrokenVideo => "视频已损坏，或没有传完整".to_owned(),
            Self::VideoFormat => {
                "视频不是 H.264 + AAC 编码的 MP4，请用剪辑软件导出为这种格式（只含画面和声音）后再上传".to_owned()
            }
            Self::NoAttachment => "不是 PDF、Word、Excel、PowerPoint、zip 或文本文件".to_owned(),
            Self::Disguised(extension) => format!("文件内容与扩展名 .{extension} 不符"),
            Self::Verification => {
                "这个文件名是平台用来验证网站归属的，不能作为附件上传；请由管理员在“验证文件”页面添加".to_owned()
            }
            Self::OtherKind => "只能用同类文件替换：图片换图片，视频换视频，附件换附件".to_owned(),
        }
    }
}
