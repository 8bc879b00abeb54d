-- Readers who come one after another instead of as fast as they can, so that the time of an answer is the site's and
-- not the queue's. Prints what happened as one line of JSON.
local pause = tonumber(os.getenv("PAUSE_MS") or "0")

if pause > 0 then
  function delay()
    return pause
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"refused":%d,"broken":%d,"p50":%.3f,"p99":%.3f,"max":%.3f,"seconds":%.1f}\n',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000, summary.duration / 1000000))
end
