#!/bin/sh
# Renders the drawings beside this script to the JPEG files of the sample articles, with Chromium alone:
#   sh src/cli/demo/art/render.sh [NAME...]
# The fonts "Noto Sans CJK SC" and "Noto Serif CJK SC" should be installed (two drawings carry lettering).
set -eu
cd "$(dirname "$0")"
chromium=${CHROMIUM:-chromium}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Which drawing goes where: NAME  SAMPLE/FILE
pictures='
bridge     stone-bridge-reopens/bridge.jpg
terraces   terraces-late-rice/terraces.jpg
library    library-evening-hours/library.jpg
snow       first-cold-wave/snow.jpg
bus        winter-bus-timetable/bus.jpg
school     village-school-lunch/school.jpg
lanterns   lantern-makers/lanterns.jpg
bamboo     lantern-makers/bamboo.jpg
market     morning-market/market.jpg
reservoir  reservoir-water-supply/reservoir.jpg
street     smart-street-lamps/street.jpg
train      slow-train-viaduct/train.jpg
'

# A browser writes no JPEG from the command line: a page draws the picture on a canvas and prints it as text.
# The quality falls until the file is at most 88 KiB, so that a phone on a slow line has it soon.
render() {
  svg=$(base64 -w0 "$1.svg")
  cat >"$work/page.html" <<HTML
<!doctype html><body><script>
var image = new Image();
image.onload = function () {
  var canvas = document.createElement("canvas"), quality = 0.86, text;
  canvas.width = 1200; canvas.height = 800;
  canvas.getContext("2d").drawImage(image, 0, 0, 1200, 800);
  do { text = canvas.toDataURL("image/jpeg", quality); quality -= 0.03; } while (text.length > 88 * 1024 * 4 / 3 && quality > 0.5);
  document.body.textContent = text;
};
image.src = "data:image/svg+xml;base64,$svg";
</script></body>
HTML
  "$chromium" --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
    --virtual-time-budget=10000 --dump-dom "file://$work/page.html" 2>/dev/null |
    sed -n 's/.*data:image\/jpeg;base64,\([A-Za-z0-9+\/=]*\).*/\1/p' | base64 -d >"$work/out.jpg"
  test -s "$work/out.jpg" || { echo "$1: nothing was rendered" >&2; exit 1; }
  mkdir -p "../samples/$(dirname "$2")"
  cp "$work/out.jpg" "../samples/$2"
  echo "$2 $(wc -c <"../samples/$2") bytes"
}

echo "$pictures" | while read -r name file; do
  test -n "$name" || continue
  test $# -eq 0 || case " $* " in *" $name "*) ;; *) continue ;; esac
  render "$name" "$file"
done
