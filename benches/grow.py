"""Fills the SQLite database of a wxpress site with invented articles, for the bench of growth: `grow.py FILE COUNT [indexed]`.

The site has been started once, so that the tables are there. Rows are written as a publication writes them; the search
index is made by the site itself when it starts, unless they are said to be `indexed`, and are then never found. The same COUNT always gives the same articles.
"""

import json
import random
import sqlite3
import sys

PLACES = "云溪县 青石镇 北京大学 融媒体中心 县人民医院 城东小学 高速公路 水库灌区 老城区 开发区 图书馆 体育场 文化馆 气象台 供电公司 农业农村局".split()
SUBJECTS = "冬小麦 公交线路 学校午餐 医保政策 防汛物资 数字乡村 非遗传承 旧房改造 5G基站 WeChat小程序 志愿服务 交通安全 电商培训 森林防火 养老服务 招聘会".split()
VERBS = "启动 完成 公布 推进 举行 迎来 发布 调整 开放 升级 验收 表彰".split()
TAILS = "市民反映良好 惠及三千余户 下月起实施 专家现场指导 首批名单公布 预计年底完工 服务时间延长 群众点赞".split()
SENTENCES = [
    "记者从{place}获悉，{subject}工作日前{verb}，{tail}。",
    "据介绍，{place}今年把{subject}列为重点，已有二十个单位参与，{tail}。",
    "在{place}，工作人员告诉记者，{subject}将分三步{verb}，每一步都向社会公开。",
    "“没想到这么方便。”住在{place}附近的居民说起{subject}，{tail}。",
    "相关负责人表示，下一步将继续推进{subject}，请市民留意{place}的通知。",
]
CATEGORIES = "要闻 民生 教育 健康 文化 农业 科技 公告".split()
TAGS = 200
MINUTE = 60_000


def invent(random_, number):
    words = {"place": random_.choice(PLACES), "subject": random_.choice(SUBJECTS), "verb": random_.choice(VERBS), "tail": random_.choice(TAILS)}
    headline = "{place}{subject}{verb}：{tail}".format(**words) + f"（{number}）"
    paragraphs = []
    for _ in range(5):
        other = words | {"subject": random_.choice(SUBJECTS), "tail": random_.choice(TAILS)}
        paragraphs.append("<p>" + "".join(s.format(**other) for s in random_.sample(SENTENCES, 2)) + "</p>")
    return headline, "\n".join(paragraphs)


def columns(table, values):
    names = ", ".join(values)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join(':' + name for name in values)})"


def grow(file, count, indexed):
    random_ = random.Random(count)
    database = sqlite3.connect(file, isolation_level=None)
    for pragma in ["journal_mode = WAL", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -200000"]:
        database.execute(f"PRAGMA {pragma}").fetchall()
    database.execute("BEGIN IMMEDIATE")
    first = database.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM article").fetchone()[0]
    now = 1_780_000_000_000
    for position, name in enumerate(CATEGORIES):
        row = {"slug": f"grown-{position}", "name": f"{name}频道", "folded": f"{name}频道", "position": 100 + position, "created_at": now}
        database.execute(columns("category", row), row)
    categories = [row[0] for row in database.execute("SELECT id FROM category WHERE slug LIKE 'grown-%' ORDER BY id")]
    for number in range(TAGS):
        row = {"name": f"标签{number}", "folded": f"标签{number}", "created_at": now}
        database.execute(columns("tag", row), row)
    tags = database.execute("SELECT id, name FROM tag WHERE name LIKE '标签%' ORDER BY id").fetchall()
    for number in range(count):
        article, at = first + number, now - (count - number) * MINUTE
        headline, body = invent(random_, number)
        category, chosen = random_.choice(categories), random_.sample(tags, 3)
        text = {
            "headline": headline, "summary": headline, "byline": "通讯员", "source": "云溪新闻", "category_id": category,
            "tags": json.dumps([name for _, name in chosen], ensure_ascii=False), "body": body, "actor": "system",
        }
        revision = {"article_id": article, "number": 1, "reason": "publish", "created_at": at, **text}
        id_ = database.execute(columns("revision", revision), revision).lastrowid
        row = {
            "id": article, "live": "published", "live_revision_id": id_, "first_published_at": at, "published_at": at,
            "modified_at": at, "category_id": category, "created_at": at, "indexed": int(indexed),
        }
        database.execute(columns("article", row), row)
        # The copy that would be worked on next has no part in what readers are served; an empty body keeps the file small.
        copy = {"article_id": article, "unpublished": 0, "saved_at": at, **text, "body": ""}
        database.execute(columns("working_copy", copy), copy)
        for place, (tag, _) in enumerate(chosen):
            row = {"tag_id": tag, "published_at": at, "article_id": article, "position": place}
            database.execute(columns("article_tag", row), row)
    database.execute("UPDATE site_version SET number = number + 1")
    database.execute("COMMIT")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


if __name__ == "__main__":
    grow(sys.argv[1], int(sys.argv[2]), sys.argv[3:] == ["indexed"])
