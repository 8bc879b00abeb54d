-- Readers, as the environment describes them. Prints what happened as one line of JSON.
--   PAUSE_MS       they come one after another instead of as fast as they can, so that the time of an answer is the
--                  site's and not the queue's
--   FIRST, COUNT   articles by number, in an order without rhyme in which none comes twice before all have come
--   CROWD          each request from another address, because one address may not search as often as a bench does
local pause = tonumber(os.getenv("PAUSE_MS") or "0")
local first = tonumber(os.getenv("FIRST") or "0")
local count = tonumber(os.getenv("COUNT") or "0")

if pause > 0 then
  function delay()
    return pause
  end
end

if count > 0 then
  local asked = 0
  function request()
    asked = asked + 1
    return wrk.format("GET", "/articles/" .. (first + (asked * 7919) % count))
  end
elseif os.getenv("CROWD") then
  function request()
    local address = string.format("10.%d.%d.%d", math.random(0, 255), math.random(0, 255), math.random(1, 254))
    wrk.headers["X-Forwarded-For"] = address
    return wrk.format("GET")
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"refused":%d,"broken":%d,"p50":%.3f,"p99":%.3f,"max":%.3f,"seconds":%.1f}\n',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000, summary.duration / 1000000))
end
