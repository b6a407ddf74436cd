-- wrk script: asks for the pages listed in a file (one path a line), each thread from its own place on.
-- Arguments: the file, the Accept-Encoding to send ("-": none), the API key of a program that wants JSON (or none).
local threads = 0

function setup(thread)
   thread:set("number", threads)
   threads = threads + 1
end

function init(arguments)
   requests = {}
   if arguments[2] ~= "-" then wrk.headers["Accept-Encoding"] = arguments[2] end
   wrk.headers["Accept"] = "text/html"
   wrk.headers["Accept-Language"] = "vi"
   if arguments[3] then
      wrk.headers["Accept"] = "application/json"
      wrk.headers["Authorization"] = "Bearer " .. arguments[3]
   end
   for path in io.lines(arguments[1]) do requests[#requests + 1] = wrk.format("GET", path) end
   at = math.floor(#requests / 2) * number
end

function request()
   at = at % #requests + 1
   return requests[at]
end

function done(summary, latency)
   print(string.format("RESULT %d %d %d %f", summary.requests, summary.duration,
      summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout,
      latency:percentile(99)))
end
