-- The same question from ever other readers: one address may not ask as often as a bench does. Prints what steady.lua
-- prints.
function request()
  local address = string.format("10.%d.%d.%d", math.random(0, 255), math.random(0, 255), math.random(1, 254))
  return wrk.format("GET", nil, { ["X-Forwarded-For"] = address, ["Accept-Encoding"] = "gzip" })
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests":%d,"refused":%d,"broken":%d,"p50":%.3f,"p99":%.3f,"max":%.3f,"seconds":%.1f}\n',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000, summary.duration / 1000000))
end
