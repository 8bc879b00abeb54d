-- Articles by number, COUNT of them from FIRST on, in an order without rhyme in which none comes twice before all have
-- come. Prints what steady.lua prints.
local first = tonumber(os.getenv("FIRST"))
local count = tonumber(os.getenv("COUNT"))

local asked = 0

function request()
  asked = asked + 1
  return wrk.format("GET", "/articles/" .. (first + (asked * 7919) % count))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"refused":%d,"broken":%d,"p50":%.3f,"p99":%.3f,"max":%.3f,"seconds":%.1f}\n',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000, summary.duration / 1000000))
end
