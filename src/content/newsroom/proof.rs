//! 校样: the working copy as its page would be if it went out now.

use super::super::article::Times;
use super::super::published::Published;
use super::super::slug::ArticleId;
use super::super::{Content, Error, store};

impl Content {
    /// The article as readers would get it, were it published now. Nothing changes by it.
    pub async fn proof(&self, id: ArticleId) -> Result<Published, Error> {
        let pool = self.db.read();
        let article = store::desk::article(pool, id).await?;
        let copy = self.working_copy(id).await?;
        let (pictures, attachments) =
            (store::media::of_working_copy(pool, id).await?, store::attachment::of_working_copy(pool, id).await?);
        Ok(Published {
            id,
            key: article.key,
            fields: copy.fields,
            category: article.category,
            times: Times::after_publish(article.times, None, self.clock.now()),
            media: pictures.into_iter().map(|media| (media.id.clone(), media)).collect(),
            corrections: store::correction::of(pool, id).await?,
            attachments: attachments.into_iter().map(|attachment| (attachment.id.clone(), attachment)).collect(),
        })
    }
}
