#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "core/phrase.hpp"

// The port behind which outside systems stand when something is to be changed there. Who asks for
// an effect names its gateway and hands on what that gateway made; nobody but the gateway reads it.
namespace vitrine::gateways {

namespace asio = boost::asio;

/// One change in an outside system, as it stands in the journal.
struct Effect {
    std::string connector;  // whose it is: "clubify"
    std::string method;
    std::string path;
    JsonText body = {};        // empty: none
    std::string settle = {};   // the gateway's word for how its outcome is found out
    std::string subject = {};  // what a look-up asks for
    std::string wanted = {};   // and what it finds when the effect is there
    bool operator==(const Effect&) const = default;
};

/// Who asks for it: together they make the key under which it is the same effect, however often it
/// is sent.
struct EffectOrigin {
    TenantId tenant;
    CommandId command_id;
    std::string step;  // unique within the command
    CorrelationId correlation_id;
    std::string traceparent;
    std::string actor = {};  // a process that wants it: "process:offer-schedule"; empty: a command
};

/// What must be kept in mind when it is sent.
struct Manner {
    bool creates = false;       // the answer gives an id; sent twice there might be two
    bool asks_first = false;    // settled before every send: what it makes is there once
    bool appears_late = false;  // sent with unknown outcome, it may appear for a while
};

/// Why something did not happen: a problem type and its words.
struct Refusal {
    std::string problem;        // name of a problem type
    int status = 0;             // HTTP status of our answer
    std::string failure_class;  // refused, conflict, missing, credentials, unavailable
    Phrase detail;
    bool operator==(const Refusal&) const = default;
};

/// It has happened.
struct Done {
    std::string id;  // of what was created; may be empty
    /// What else whoever asked for it must know: a JSON object in the port's own words. Nothing
    /// that names a person. Empty: nothing.
    JsonText told = {};
};

/// A definite no.
struct Refused {
    Refusal refusal;
    bool look_first = false;  // an earlier send may have had its effect, or the subject may be gone
    JsonText told = {};       // as of Done
};

/// It has not happened now, and may be tried again.
struct NotDone {
    Refusal refusal;
    std::optional<std::chrono::seconds> retry_after;
};

struct NotSent : NotDone {};  // it provably never left
struct Answered : NotDone {
};  // the answer was an error, and the request is over there: a look-up tells what it did
struct Unknown {};  // it left, and nobody said what came of it
struct Absent {};   // there is no trace of it
struct LookUpFailed : NotDone {
    bool is_final = false;  // asking again will not help
};

using Sent = std::variant<Done, Refused, NotSent, Answered, Unknown>;
using Settled = std::variant<Done, Absent, Refused, LookUpFailed>;

/// What one outside system does for those who want effects there. Concurrency: one loop.
class Effects {
public:
    virtual ~Effects() = default;

    virtual Manner manner(const Effect& effect) const = 0;

    /// Sends it once.
    virtual asio::awaitable<Sent> send(Effect effect, EffectOrigin origin) = 0;

    /// Asks whether it has happened.
    virtual asio::awaitable<Settled> settle(Effect effect, EffectOrigin origin) = 0;
};

/// By the name of the connector.
using Connectors = std::map<std::string, Effects*, std::less<>>;

}  // namespace vitrine::gateways
