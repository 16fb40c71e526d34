-- wrk script: every request is a Stripe event of 2 KB with an id and a signature of its own.
--
-- Environment: BENCH_PATH   path to post to          (default /api/webhooks/stripe/ingest)
--              BENCH_SECRET signing secret           (default whsec_bench)
--              BENCH_FORGED  not empty: the signature's last digit is wrong, and 401 is the answer to expect
--              BENCH_DELAY_MS  each connection waits so long before each request (0)
--              BENCH_RUN    makes ids differ from run to run: at most 20 letters and digits (default: from the clock)
--
-- Prints one line that starts with BENCH and is JSON from there on; bench/run.py reads it.

local ffi = require("ffi")
ffi.cdef [[
    typedef struct evp_md_st EVP_MD;
    const EVP_MD *EVP_sha256(void);
    unsigned char *HMAC(const EVP_MD *md, const void *key, int key_len, const unsigned char *data, size_t n,
                        unsigned char *out, unsigned int *out_len);
    long time(long *t);
    int getpid(void);
]]
-- By soname: the unversioned name comes with a development package only.
local crypto = ffi.load("libcrypto.so.3")

local path = os.getenv("BENCH_PATH") or "/api/webhooks/stripe/ingest"
local secret = os.getenv("BENCH_SECRET") or "whsec_bench"
local run = os.getenv("BENCH_RUN") or string.format("%x%x", os.time(), ffi.C.getpid())
assert(run:match("^%w+$") and #run <= 20, "BENCH_RUN: at most 20 letters and digits")

local forged = (os.getenv("BENCH_FORGED") or "") ~= ""
local expected = forged and "401" or "202"
local pause = tonumber(os.getenv("BENCH_DELAY_MS") or "") or 0
-- wrk asks only where there is such a function.
if pause > 0 then
    function delay() return pause end
end

-- checkout.session.completed as Stripe sends it, filled up to 2,048 bytes. ID, CREATED stand for what changes.
local event = [[{"id":"ID","object":"event","api_version":"2024-06-20","created":CREATED,"data":{"object":{"id":"cs_IDX",]]
    .. [["object":"checkout.session","after_expiration":null,"allow_promotion_codes":true,"amount_subtotal":4900,"amount_total":5831,]]
    .. [["automatic_tax":{"enabled":true,"liability":{"type":"self"},"status":"complete"},"billing_address_collection":"required",]]
    .. [["cancel_url":"https://shop.example.com/cart/","client_reference_id":"order-10482","consent":null,"created":CREATED,]]
    .. [["currency":"eur","customer":"cus_IDX","customer_creation":"always","customer_details":{"address":{"city":"Lübeck",]]
    .. [["country":"DE","line1":"Breite Straße 12","line2":null,"postal_code":"23552","state":null},"email":"anna.musterfrau@example.com",]]
    .. [["name":"Anna Musterfrau","phone":null,"tax_exempt":"none","tax_ids":[]},"customer_email":null,"expires_at":1767225600,]]
    .. [["invoice":"in_1PbenchQ2eZvKYlo2C","livemode":true,"locale":"de","metadata":{"order_id":"10482","wp_user_id":"731",]]
    .. [["plan":"membership-yearly"},"mode":"payment","payment_intent":"pi_3PbenchQ2eZvKYlo2C1","payment_link":null,]]
    .. [["payment_method_collection":"if_required","payment_method_options":{"card":{"request_three_d_secure":"automatic"}},]]
    .. [["payment_method_types":["card","sepa_debit"],"payment_status":"paid","phone_number_collection":{"enabled":false},"setup_intent":null,]]
    .. [["shipping_address_collection":null,"shipping_cost":null,"shipping_details":null,"status":"complete","submit_type":null,"subscription":null,]]
    .. [["success_url":"https://shop.example.com/thanks/?session_id={CHECKOUT_SESSION_ID}","total_details":{"amount_discount":0,]]
    .. [["amount_shipping":0,"amount_tax":931},"ui_mode":"hosted","url":null,"note":"FILL"}},"livemode":true,"pending_webhooks":1,]]
    .. [["request":{"id":"req_benchZ1","idempotency_key":null},"type":"checkout.session.completed"}]]

local id_length = 38 -- evt_ + run, thread and number, so that every body is as long as the last
local function plain(text) return (text:gsub("%%", "%%%%")) end
do
    local shape = event:gsub("IDX", string.rep("i", id_length)):gsub("ID\"", string.rep("i", id_length) .. "\"", 1)
        :gsub("CREATED", string.rep("c", 10)):gsub("FILL", "")
    event = event:gsub("FILL", plain(string.rep("x", math.max(0, 2048 - #shape))))
end
-- Cut once where the id and the time go: a request is then a concatenation.
local a, b, c, d, e, f = event:match('^(.-)ID(",.-)CREATED(.-)IDX(.-)CREATED(.-)IDX(.*)$')

local threads = {}
function setup(thread)
    threads[#threads + 1] = thread
    thread:set("number", #threads)
    thread:set("run", run)
end

local issued, prefix, head = 0, nil, nil
local digest, digest_length = ffi.new("unsigned char[32]"), ffi.new("unsigned int[1]")
local hex = {}
for byte = 0, 255 do hex[byte] = string.format("%02x", byte) end

function init()
    prefix = string.format("evt_%s%02d", run, number)
    prefix = (prefix .. string.rep("0", id_length)):sub(1, id_length - 9)
    head = "POST " .. path .. " HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port
        .. "\r\nUser-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\nAccept: */*; q=0.5, application/xml"
        .. "\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: "
    statuses = ""
end

local function sign(time, body)
    local text = time .. "." .. body
    crypto.HMAC(crypto.EVP_sha256(), secret, #secret, text, #text, digest, digest_length)
    local out = {}
    for i = 0, 31 do out[i + 1] = hex[digest[i]] end
    if forged then out[32] = out[32] == "00" and "01" or "00" end
    return table.concat(out)
end

function request()
    issued = issued + 1
    local id = string.format("%s%09d", prefix, issued)
    local time = tostring(tonumber(ffi.C.time(nil)))
    local body = a .. id .. b .. time .. c .. id .. d .. time .. e .. id .. f
    return head .. #body .. "\r\nStripe-Signature: t=" .. time .. ",v1=" .. sign(time, body) .. "\r\n\r\n" .. body
end

-- Counted by status. Kept in globals, one for each, because done() reads a thread's variables by name.
local counts = {}
function response(status)
    local count = (counts[status] or 0) + 1
    counts[status] = count
    if count == 1 then statuses = statuses .. status .. " " end
    _G["status_" .. status] = count
end

function done(summary, latency)
    local total = {}
    for _, thread in ipairs(threads) do
        for status in (thread:get("statuses") or ""):gmatch("%d+") do
            total[status] = (total[status] or 0) + thread:get("status_" .. status)
        end
    end
    local by_status, other = {}, 0
    for status, count in pairs(total) do
        by_status[#by_status + 1] = string.format('"%s":%d', status, count)
        if status ~= expected then other = other + count end
    end
    local errors = summary.errors
    io.write(string.format(
        'BENCH {"requests":%d,"duration_us":%d,"statuses":{%s},"not_202":%d,"p50_us":%d,"p99_us":%d,"max_us":%d,"socket_errors":%d}\n',
        summary.requests, summary.duration, table.concat(by_status, ","), other, latency:percentile(50), latency:percentile(99),
        latency.max, errors.connect + errors.read + errors.write + errors.timeout))
end
