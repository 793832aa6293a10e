#include "api/transfer/log_line.hpp"

#include <limits>
#include <nlohmann/json.hpp>

#include "core/overloaded.hpp"
#include "store/damage.hpp"
#include "store/hash_chain.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* format = "vitrine-log";
constexpr int format_version = 1;

std::int64_t micros(Timestamp time) {
    return time.time_since_epoch().count();
}

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json to_json(const store::LogHeader& header) {
    Json json;
    json["line"] = "header";
    json["format"] = format;
    json["version"] = format_version;
    json["tenant"] = header.tenant ? Json(header.tenant->str()) : Json(nullptr);
    json["from"] = header.from;
    json["sparse"] = header.sparse;
    json["continues"] = Json::object();
    for (const auto& [tenant, hash] : header.continues)
        json["continues"][tenant.str()] = store::hash_text(hash);
    return json;
}

Json to_json(const events::RecordedEvent& event) {
    Json json;
    json["line"] = "event";
    json["position"] = event.position;
    json["id"] = event.id.str();
    json["tenant"] = event.tenant.str();
    json["stream"] = event.stream.str();
    json["version"] = event.version;
    json["type"] = event.type;
    json["schema"] = event.schema;
    json["occurred_at"] = micros(event.occurred_at);
    json["recorded_at"] = micros(event.recorded_at);
    json["data"] = event.data;
    json["metadata"] = event.metadata;
    json["hash"] = store::hash_text(event.hash);
    return json;
}

Json to_json(const store::CommandRecord& record) {
    Json json;
    json["line"] = "command";
    json["tenant"] = record.tenant.str();
    json["id"] = record.head.id.str();
    json["idempotency_key"] = or_null(record.head.idempotency_key);
    json["state"] = store::state_name(record.state);
    json["name"] = record.head.name;
    json["fingerprint"] = record.head.fingerprint;
    json["principal"] = record.head.principal;
    json["correlation_id"] = record.head.correlation_id.str();
    json["traceparent"] = record.head.traceparent;
    json["stream"] = record.head.stream.str();
    json["accepted_at"] = micros(record.head.accepted_at);
    json["succeeded"] = record.succeeded;
    json["position"] = record.position;
    json["body"] = record.head.body.text;
    json["plan"] = record.plan.text;
    if (!record.lease.owner.empty()) {
        json["owner"] = record.lease.owner;
        json["held_until"] = micros(record.lease.until);
    }
    json["answer"] = nullptr;
    if (const auto& answer = record.answer) {
        Json given;
        given["status"] = answer->status;
        given["body"] = answer->body.text;
        given["version"] = or_null(answer->version);
        given["location"] = answer->location;
        given["retry_after"] =
            answer->retry_after ? Json(answer->retry_after->count()) : Json(nullptr);
        json["answer"] = std::move(given);
    }
    return json;
}

Json to_json(const store::ExportedClaim& held) {
    Json json;
    json["line"] = "reservation";
    json["tenant"] = held.tenant.str();
    json["kind"] = held.claim.kind;
    json["key"] = held.claim.key;
    json["command_id"] = held.command.str();
    return json;
}

Json to_json(const store::LogEnd& end) {
    Json json;
    json["line"] = "end";
    json["events"] = end.events;
    json["commands"] = end.commands;
    json["reservations"] = end.claims;
    return json;
}

/// What is wrong with a line; does not leave this file.
struct Fault {
    std::string what;
};

/// The members of an object, each taken once; what is left over is a fault.
class Members {
public:
    explicit Members(const Json& json) : json_(json) {
        if (!json.is_object()) throw Fault{"is not an object"};
    }

    const Json& any(const char* name) {
        const auto found = json_.find(name);
        if (found == json_.end()) throw Fault{std::string("has no ") + name};
        ++taken_;
        return *found;
    }
    std::string text(const char* name) {
        const auto& value = any(name);
        if (!value.is_string()) throw Fault{std::string(name) + " is not a text"};
        return value.get<std::string>();
    }
    /// A text that is not empty.
    std::string name(const char* member) {
        auto value = text(member);
        if (value.empty()) throw Fault{std::string(member) + " is empty"};
        return value;
    }
    std::int64_t number(const char* name) {
        const auto& value = any(name);
        const bool fits =
            value.is_number_integer() &&
            (!value.is_number_unsigned() ||
             value.get<std::uint64_t>() <=
                 static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
        if (!fits) throw Fault{std::string(name) + " is not a whole number"};
        return value.get<std::int64_t>();
    }
    std::uint64_t count(const char* name, std::int64_t least = 0) {
        const auto value = number(name);
        if (value < least) throw Fault{std::string(name) + " is too small"};
        return static_cast<std::uint64_t>(value);
    }
    int small(const char* name) {
        const auto value = number(name);
        if (value < 0 || value > std::numeric_limits<int>::max())
            throw Fault{std::string(name) + " is out of range"};
        return static_cast<int>(value);
    }
    bool flag(const char* name) {
        const auto& value = any(name);
        if (!value.is_boolean()) throw Fault{std::string(name) + " is neither true nor false"};
        return value.get<bool>();
    }
    Timestamp time(const char* name) { return Timestamp(std::chrono::microseconds(number(name))); }
    events::Hash hash(const char* name) { return hash_of(text(name)); }
    bool has(const char* name) const { return json_.contains(name); }
    bool is_null(const char* name) {
        const auto found = json_.find(name);
        if (found == json_.end() || !found->is_null()) return false;
        ++taken_;
        return true;
    }

    static events::Hash hash_of(const Json& value) {
        const auto hash = value.is_string() ? store::parse_hash(value.get_ref<const std::string&>())
                                            : std::nullopt;
        if (!hash) throw Fault{"a hash is not 64 hexadecimal digits"};
        return *hash;
    }

    void end() const {
        if (taken_ != json_.size()) throw Fault{"has members of no meaning"};
    }

private:
    const Json& json_;
    std::size_t taken_ = 0;
};

store::LogHeader header_of(Members& members) {
    if (members.text("format") != format) throw Fault{"is not the header of an exported log"};
    if (members.number("version") != format_version) {
        throw Fault{"is of a format version that this program does not know"};
    }
    store::LogHeader header;
    if (!members.is_null("tenant")) header.tenant = TenantId(members.name("tenant"));
    header.from = members.count("from", 1);
    header.sparse = members.flag("sparse");
    const auto& continues = members.any("continues");
    if (!continues.is_object()) throw Fault{"continues is not an object"};
    for (const auto& [tenant, hash] : continues.items())
        header.continues.emplace(TenantId(tenant), Members::hash_of(hash));
    return header;
}

events::RecordedEvent event_of(Members& members) {
    events::RecordedEvent event;
    event.position = members.count("position", 1);
    event.id = EventId(members.name("id"));
    event.tenant = TenantId(members.name("tenant"));
    event.stream = StreamName(members.name("stream"));
    event.version = members.count("version", 1);
    event.type = members.name("type");
    event.schema = members.small("schema");
    event.occurred_at = members.time("occurred_at");
    event.recorded_at = members.time("recorded_at");
    event.data = members.text("data");
    event.metadata = members.text("metadata");
    event.hash = members.hash("hash");
    return event;
}

std::optional<store::CommandAnswer> answer_of(Members& members) {
    if (members.is_null("answer")) return std::nullopt;
    Members given(members.any("answer"));
    store::CommandAnswer answer;
    answer.status = given.small("status");
    answer.body = JsonText(given.text("body"));
    if (!given.is_null("version")) answer.version = given.count("version");
    answer.location = given.text("location");
    if (!given.is_null("retry_after"))
        answer.retry_after = std::chrono::seconds(given.small("retry_after"));
    given.end();
    return answer;
}

store::CommandRecord command_of(Members& members) {
    store::CommandRecord record;
    record.tenant = TenantId(members.name("tenant"));
    record.head.id = CommandId(members.name("id"));
    if (!members.is_null("idempotency_key"))
        record.head.idempotency_key = members.text("idempotency_key");
    const auto state = store::state_named(members.text("state"));
    if (!state) throw Fault{"state is none that a command can have"};
    record.state = *state;
    record.head.name = members.text("name");
    record.head.fingerprint = members.text("fingerprint");
    record.head.principal = members.text("principal");
    record.head.correlation_id = CorrelationId(members.text("correlation_id"));
    record.head.traceparent = members.text("traceparent");
    record.head.stream = StreamName(members.text("stream"));
    record.head.accepted_at = members.time("accepted_at");
    record.succeeded = members.flag("succeeded");
    record.position = members.count("position");
    record.head.body = JsonText(members.text("body"));
    record.plan = JsonText(members.text("plan"));
    if (members.has("owner")) record.lease = {members.name("owner"), members.time("held_until")};
    record.answer = answer_of(members);
    return record;
}

store::ExportedClaim claim_of(Members& members) {
    store::ExportedClaim held;
    held.tenant = TenantId(members.name("tenant"));
    held.claim.kind = members.text("kind");
    held.claim.key = members.text("key");
    held.command = CommandId(members.name("command_id"));
    return held;
}

store::LogEnd end_of(Members& members) {
    store::LogEnd end;
    end.events = members.count("events");
    end.commands = members.count("commands");
    end.claims = members.count("reservations");
    return end;
}

store::LogPart part_of(const std::string& kind, Members& members) {
    if (kind == "header") return header_of(members);
    if (kind == "event") return event_of(members);
    if (kind == "command") return command_of(members);
    if (kind == "reservation") return claim_of(members);
    if (kind == "end") return end_of(members);
    throw Fault{"is no kind of line of an exported log"};
}

}  // namespace

std::string write_log_line(const store::LogPart& part) {
    try {
        return std::visit([](const auto& each) { return to_json(each).dump(); }, part);
    } catch (const Json::type_error&) {
        const auto* event = std::get_if<events::RecordedEvent>(&part);
        throw store::Damaged(
            event == nullptr ? std::string("the command journal holds a text that is not UTF-8")
                             : "event " + std::to_string(event->position) + " is not UTF-8"
        );
    }
}

std::expected<store::LogPart, std::string> parse_log_line(std::string_view line) {
    const auto json = Json::parse(line, nullptr, false);
    if (json.is_discarded()) return std::unexpected("is not JSON");
    try {
        Members members(json);
        auto part = part_of(members.text("line"), members);
        members.end();
        return part;
    } catch (const Fault& fault) {
        return std::unexpected(fault.what);
    }
}

}  // namespace vitrine::api
