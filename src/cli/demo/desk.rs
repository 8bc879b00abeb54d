//! What lies on the newsroom's desk in the demo: a text in review, one that goes out by itself, one that was sent back.

use std::time::Duration;

use anyhow::Context as _;

use super::newsroom::{ADMINISTRATOR, WRITER};
use crate::content::{Actor, Fields, Html};
use crate::state::AppState;

/// Lets both who work there write something.
pub(super) async fn lay(state: &AppState) -> anyhow::Result<()> {
    let content = &state.content;
    let (chief, writer) = (actor(state, ADMINISTRATOR).await?, actor(state, WRITER).await?);

    let harvest = written(
        "晚稻开镰，云溪今年预计收成与去年持平",
        "农机手提前半个月检修了收割机。",
        "<p>霜降过后，云溪河两岸的晚稻陆续开镰。</p><p>据县农业农村局初步统计，今年晚稻面积与去年持平，亩产预计略有增加，\
         具体数字待测产后公布。</p>",
    );
    let harvest = content.create(writer, harvest).await?;
    content.submit(writer, harvest, 1).await?;

    let market = written(
        "早市周末延长到十点",
        "为方便上班的居民，两处早市本周末起试行。",
        "<p>从本周末起，城东、城西两处早市收摊时间由九点延长到十点，试行一个月。</p>",
    );
    let market = content.create(chief, market).await?;
    let tomorrow = state.clock.now().plus(Duration::from_hours(24));
    content.publish_at(chief, market, 1, tomorrow).await?;

    let concert = written("周六晚上古戏台有演出", "", "<p>演出晚上七点开始，免费入场。</p>");
    let concert = content.create(writer, concert).await?;
    content.submit(writer, concert, 1).await?;
    content.send_back(chief, concert, "请补上演出剧目和主办单位，再核对开始时间。").await?;
    Ok(())
}

fn written(headline: &str, standfirst: &str, body: &str) -> Fields {
    Fields {
        headline: headline.to_owned(),
        standfirst: standfirst.to_owned(),
        byline: "周记者".to_owned(),
        source: "云溪县融媒体中心".to_owned(),
        body: Html::clean(body),
        ..Fields::default()
    }
}

async fn actor(state: &AppState, login: &str) -> anyhow::Result<Actor> {
    let member = state.staff.find(&login.parse()?).await.context("somebody is missing from the demo")?;
    Ok(Actor::Member(member.id.0))
}
