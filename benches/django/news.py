"""The stack that the idea came from, small and honest: Django renders the article for every request, takes the ticket
from Redis and signs the page's address. As many such sites do, it is in one file. `benches/bench` starts it with gunicorn.

The article is the one that wxpress serves; the database is SQLite, as in wxpress; the template is the cached loader's,
the connection to the database is kept, and nothing runs that the page does not need.
"""

import hashlib
import json
import os
import secrets
import time

import django
from django.conf import settings

FOLDER = os.environ["NEWS_FOLDER"]

settings.configure(
    ALLOWED_HOSTS=["*"],
    DEBUG=False,
    SECRET_KEY=secrets.token_hex(),
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{FOLDER}/news.db", "CONN_MAX_AGE": None}},
    CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": os.environ["NEWS_REDIS"]}},
    MIDDLEWARE=["django.middleware.gzip.GZipMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [os.path.dirname(__file__)]}],
)
django.setup()

from django.core.cache import cache  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.shortcuts import get_object_or_404, render  # noqa: E402
from django.urls import path  # noqa: E402


class Article(models.Model):
    slug = models.SlugField(unique=True)
    headline = models.CharField(max_length=200)
    summary = models.TextField()
    body = models.TextField()
    published = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "news"


def wx_config(url):
    """What wx.config wants, from the ticket that another process put into Redis."""
    values = {"noncestr": secrets.token_hex(8), "timestamp": int(time.time())}
    plain = f"jsapi_ticket={cache.get('ticket')}&noncestr={values['noncestr']}&timestamp={values['timestamp']}&url={url}"
    return values | {"appId": "wx5151515151515151", "signature": hashlib.sha1(plain.encode()).hexdigest()}


def show(request, slug):
    article = get_object_or_404(Article, slug=slug)
    values = json.dumps(wx_config(request.build_absolute_uri()))
    return render(request, "article.html", {"article": article, "values": values})


urlpatterns = [path("articles/<slug:slug>", show), path("healthz", lambda request: HttpResponse("ok"))]
application = get_wsgi_application()


def prepare():
    """Makes the table, the article that is read, and the ticket."""
    with connection.schema_editor() as editor:
        editor.create_model(Article)
    with open(f"{FOLDER}/article.json", encoding="utf-8") as file:
        Article.objects.create(**json.load(file))
    cache.set("ticket", "a-ticket-of-some-eighty-characters-as-wechat-gives-them-0123456789-0123456789-0123", None)


if __name__ == "__main__":
    prepare()
