#include "store/people_store.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "core/uuid.hpp"
#include "events/people.hpp"
#include "store/append.hpp"
#include "store/people_journal.hpp"
#include "store/people_view.hpp"
#include "store/person_seal.hpp"

namespace vitrine::store {
namespace {

using events::PersonMember;
using events::PersonText;

/// What an append needs before it can be sealed.
struct Needs {
    std::vector<PersonKeyName> names;
    std::vector<PersonLookUp> look_ups;

    bool empty() const { return names.empty() && look_ups.empty(); }
    void want(PeopleKeys& keys, PersonKeyName name) {
        if (std::ranges::find(names, name) != names.end()) return;
        if (keys.current(name) == nullptr && !keys.is_erased(name.tenant, name.person))
            names.push_back(std::move(name));
    }
};

PersonKeyName name_of(
    const TenantId& tenant, std::string_view person, Purpose purpose, Timestamp at
) {
    return {tenant, person.empty() ? month_of(at) : std::string(person), purpose};
}

/// What a text in an event is sealed as.
PersonText sealed(
    PeopleKeys& keys,
    const TenantId& tenant,
    const StreamName& stream,
    const EventId& id,
    const PersonMember& member,
    const PersonText& text,
    Timestamp at
) {
    if (!text.is_open()) return text;
    if (keys.is_erased(tenant, std::string(member.person))) return PersonText::erased();
    const auto key = keys.current(name_of(tenant, member.person, member.purpose, at));
    if (key == nullptr) return PersonText::erased();  // this moment, or the month is over
    return PersonText::sealed(seal_text(*key, place_of(tenant, stream, id, member), text.text()));
}

std::optional<Timestamp> kept_until(const NewEvent& event) {
    const auto json = nlohmann::json::parse(event.data);
    const auto found = json.find("contract_until");
    if (found == json.end() || !found->is_string()) return std::nullopt;
    return parse_time(found->get<std::string>());
}

AppendError unavailable(const std::exception_ptr& failure) {
    AppendError error;
    error.kind = AppendError::Kind::unavailable;
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& why) {
        error.detail = why.what();
    }
    return error;
}

}  // namespace

std::vector<PersonKeyName> keys_to_seal(
    const RecordedEvent& event, PeopleKeys& keys, Timestamp at
) {
    Needs needs;
    if (!events::names_people(event.type)) return {};
    events::with_people(event.type, event.data, [&](const PersonMember& member, PersonText text) {
        if (text.is_open())
            needs.want(keys, name_of(event.tenant, member.person, member.purpose, at));
        return text;
    });
    return needs.names;
}

bool seal_people(RecordedEvent& event, PeopleKeys& keys, Timestamp at) {
    if (!events::names_people(event.type)) return false;
    auto data = events::with_people(
        event.type,
        event.data,
        [&](const PersonMember& member, PersonText text) {
            return sealed(keys, event.tenant, event.stream, event.id, member, text, at);
        }
    );
    if (data) event.data = *std::move(data);
    return data.has_value();
}

class PeopleStore::Impl {
public:
    Impl(EventStore& log, std::unique_ptr<PeopleKeys> keys, PeopleOptions options, EventStore& self)
        : log_(log),
          options_(std::move(options)),
          keys_holder_(std::move(keys)),
          keys_(*keys_holder_),
          open_(log, keys_, PeopleView::open, &self),
          shown_(log, keys_, PeopleView::shown, &self) {}

    /// What is under way on the keys' thread refers to the rest.
    ~Impl() { keys_holder_.reset(); }

    PeopleKeys& keys() { return keys_; }
    ViewedStore& open() { return open_; }
    ViewedStore& shown() { return shown_; }

    void append(Append append, AppendDone done) {
        say_what_is_kept(append);
        auto needs = needs_of(append);
        if (needs.empty()) return seal_and_append(std::move(append), std::move(done));
        keys_.make(
            std::move(needs.names),
            std::move(needs.look_ups),
            [this,
             append = std::move(append),
             done = std::move(done)](const std::exception_ptr& failure) mutable {
                if (failure) return done(std::unexpected(unavailable(failure)));
                try {
                    seal(append);
                } catch (...) {
                    return done(std::unexpected(unavailable(std::current_exception())));
                }
                append_sealed(std::move(append), std::move(done));
            }
        );
    }

    std::size_t finish_erasures() {
        std::vector<std::string> types;
        for (const auto& erasing : events::erasing_types()) types.push_back(erasing.type);
        const auto head = log_.head();
        std::size_t count = 0;
        Filter filter;
        filter.types = types;
        for (auto from = keys_.erased_through() + 1; !types.empty() && from <= head;) {
            const auto events = log_.read_all(from, filter, page, Direction::forwards);
            for (const auto& event : events) {
                const auto person = events::person_in(event.type, event.data);
                if (person.empty() || keys_.is_erased(event.tenant, person)) continue;
                erase_now(erasure_of(
                    event.tenant,
                    person,
                    {event.id, event.type, event.schema, event.data, {}, event.occurred_at}
                ));
                ++count;
            }
            if (events.size() < page) break;
            from = events.back().position + 1;
        }
        keys_.set_erased_through(head);
        for (const auto& erasure : keys_.left_out()) {
            erase_again(erasure);
            ++count;
        }
        return count;
    }

private:
    static constexpr std::size_t page = 500;

    PersonKeyName journal_name(const TenantId& tenant, const std::string& person) const {
        return name_of(tenant, person, Purpose::command, options_.clock());
    }

    Needs needs_of(const Append& append) {
        Needs needs;
        for (const auto& part : append.streams) {
            for (const auto& event : part.events) {
                if (!events::names_people(event.type)) continue;
                events::with_people(
                    event.type,
                    event.data,
                    [&](const PersonMember& member, PersonText text) {
                        if (!text.is_open()) return text;
                        needs.want(
                            keys_,
                            name_of(append.tenant, member.person, member.purpose, options_.clock())
                        );
                        if (!member.kind.empty() && !member.person.empty()) {
                            needs.look_ups.push_back(
                                {append.tenant,
                                 std::string(member.person),
                                 std::string(member.kind),
                                 text.text()}
                            );
                        }
                        return text;
                    }
                );
            }
        }
        if (append.journal) {
            for_each_person(*append.journal, [&](const std::string& person) {
                needs.want(keys_, journal_name(append.tenant, person));
            });
        }
        return needs;
    }

    void seal(Append& append) {
        for (auto& part : append.streams)
            for (auto& event : part.events) seal(append.tenant, part.stream, event);
        if (append.journal) {
            seal_journal(append.tenant, *append.journal, [&](const std::string& person) {
                return keys_.is_erased(append.tenant, person)
                           ? nullptr
                           : keys_.current(journal_name(append.tenant, person));
            });
        }
    }

    void seal(const TenantId& tenant, const StreamName& stream, NewEvent& event) {
        if (!events::names_people(event.type)) return;
        auto data = events::with_people(
            event.type,
            event.data,
            [&](const PersonMember& member, PersonText text) {
                return sealed(keys_, tenant, stream, event.id, member, text, options_.clock());
            }
        );
        if (data) event.data = *std::move(data);
    }

    void seal_and_append(Append append, AppendDone done) {
        seal(append);
        append_sealed(std::move(append), std::move(done));
    }

    /// Claims that were asked for come back in an error as they were asked.
    void append_sealed(Append append, AppendDone done) {
        auto codes = codes_of_claims(append.tenant, append.journal, keys_);
        auto erasures = erasures_in(append);
        if (!codes.empty() || !erasures.empty()) {
            done = [this,
                    codes = std::move(codes),
                    erasures = std::move(erasures),
                    done = std::move(done)](AppendResult result) mutable {
                if (result)
                    return erase_then(std::move(erasures), std::move(result), std::move(done));
                auto& claim = result.error().claim;
                const auto found =
                    claim ? std::ranges::find(codes, *claim, &ClaimCode::stored) : codes.end();
                if (found != codes.end()) claim = found->asked;
                done(std::move(result));
            };
        }
        log_.append(std::move(append), [this, done = std::move(done)](AppendResult result) mutable {
            if (!result) open_.view(result.error().in_between);
            done(std::move(result));
        });
    }

    Erasure erasure_of(const TenantId& tenant, const std::string& person, const NewEvent& event) {
        return {
            tenant, person, event.occurred_at, kept_until(event), keys_.keys_of(tenant, person)
        };
    }

    /// The event tells for good what is kept of the person, whatever is set later.
    void say_what_is_kept(Append& append) const {
        if (options_.contract_hold.count() == 0) return;
        for (auto& part : append.streams) {
            for (auto& event : part.events) {
                if (!events::erases_person(event.type) || kept_until(event)) continue;
                auto json = nlohmann::ordered_json::parse(event.data);
                json["contract_until"] = format_time(event.occurred_at + options_.contract_hold);
                event.data = json.dump();
            }
        }
    }

    /// Of a log that was put back: what erased the person came after that copy, and is told anew.
    void erase_again(const Erasure& erasure) {
        for (const auto& [type, category, member] : events::erasing_types()) {
            const StreamName stream(category + '-' + erasure.person);
            const auto last = log_.read_stream(erasure.tenant, stream, 0, 1, Direction::backwards);
            if (last.empty() || last.front().type == type) continue;
            auto append = told_anew(erasure, stream, type, member);
            append.journal = release_of_claims(erasure, stream);
            const auto told = append_and_wait(log_, std::move(append));
            if (!told)
                throw std::runtime_error("an erasure cannot be told: " + told.error().detail);
        }
        erase_now(erasure);
    }

    Append told_anew(
        const Erasure& erasure,
        const StreamName& stream,
        const std::string& type,
        const std::string& member
    ) {
        nlohmann::ordered_json data;
        data[member] = erasure.person;
        if (erasure.contract_until) data["contract_until"] = format_time(*erasure.contract_until);
        events::Metadata metadata;
        const auto id = new_id_();
        metadata.correlation_id = CorrelationId(id);
        metadata.causation_id = id;
        metadata.actor = "erasures.log";
        NewEvent event{
            EventId(id), type, 1, data.dump(), events::encode_metadata(metadata), erasure.at
        };
        Append append;
        append.tenant = erasure.tenant;
        append.streams.push_back({stream, ExpectedVersion::any(), {std::move(event)}});
        return append;
    }

    /// The person's own claims: somebody else may have one that was theirs before.
    std::optional<JournalWrite> release_of_claims(
        const Erasure& erasure, const StreamName& stream
    ) {
        Conclude conclude;
        for (const auto& [kind, code] : keys_.codes_of(erasure.tenant, erasure.person)) {
            const Claim claim{kind, code};
            const auto holder = log_.journal().holder(erasure.tenant, claim);
            if (!holder) continue;
            const auto record = log_.journal().find(erasure.tenant, *holder);
            if (record && record->head.stream == stream)
                conclude.releases.push_back({claim, *holder});
        }
        if (conclude.releases.empty()) return std::nullopt;
        conclude.head.id = CommandId(new_id_());
        conclude.head.name = "EraseCustomer";
        conclude.head.principal = "erasures.log";
        conclude.head.correlation_id = CorrelationId(conclude.head.id.str());
        conclude.head.stream = stream;
        conclude.head.body = JsonText("{}");
        conclude.head.accepted_at = options_.clock();
        conclude.answer.status = 200;
        conclude.answer.body = JsonText(R"({"status":"erased"})");
        return conclude;
    }

    std::vector<Erasure> erasures_in(const Append& append) {
        std::vector<Erasure> erasures;
        for (const auto& part : append.streams) {
            for (const auto& event : part.events) {
                if (!events::erases_person(event.type)) continue;
                const auto person = events::person_in(event.type, event.data);
                if (!person.empty()) erasures.push_back(erasure_of(append.tenant, person, event));
            }
        }
        return erasures;
    }

    /// What cannot be carried out now is when the process starts again: the log says it.
    void erase_then(std::vector<Erasure> erasures, AppendResult result, AppendDone done) {
        if (erasures.empty()) return done(std::move(result));
        auto next = std::move(erasures.back());
        erasures.pop_back();
        keys_.erase(
            std::move(next),
            [this,
             erasures = std::move(erasures),
             result = std::move(result),
             done = std::move(done)](const std::exception_ptr&) mutable {
                erase_then(std::move(erasures), std::move(result), std::move(done));
            }
        );
    }

    void erase_now(Erasure erasure) {
        keys_and_wait([&](PeopleKeys::Done done) {
            keys_.erase(std::move(erasure), std::move(done));
        });
    }

    EventStore& log_;
    PeopleOptions options_;
    UuidSource new_id_ = uuid_v7_source(options_.clock);
    std::unique_ptr<PeopleKeys> keys_holder_;
    PeopleKeys& keys_;
    ViewedStore open_;
    ViewedStore shown_;
};

PeopleStore::PeopleStore(EventStore& log, std::unique_ptr<PeopleKeys> keys, PeopleOptions options)
    : impl_(std::make_unique<Impl>(log, std::move(keys), std::move(options), *this)) {}
PeopleStore::~PeopleStore() = default;

PeopleKeys& PeopleStore::keys() {
    return impl_->keys();
}
EventStore& PeopleStore::shown() {
    return impl_->shown();
}
std::size_t PeopleStore::finish_erasures() {
    return impl_->finish_erasures();
}
void PeopleStore::append(Append append, AppendDone done) {
    impl_->append(std::move(append), std::move(done));
}
std::vector<RecordedEvent> PeopleStore::read_stream(
    const TenantId& tenant,
    const StreamName& stream,
    Version from,
    std::size_t limit,
    Direction direction
) {
    return impl_->open().read_stream(tenant, stream, from, limit, direction);
}
Version PeopleStore::stream_version(const TenantId& tenant, const StreamName& stream) {
    return impl_->open().stream_version(tenant, stream);
}
void PeopleStore::read_all_into(
    std::vector<RecordedEvent>& events,
    Position from,
    const Filter& filter,
    std::size_t limit,
    Direction direction,
    Detail detail
) {
    impl_->open().read_all_into(events, from, filter, limit, direction, detail);
}
Position PeopleStore::head() {
    return impl_->open().head();
}
Position PeopleStore::position_at(Timestamp time) {
    return impl_->open().position_at(time);
}
void PeopleStore::when_settled(Timestamp time, std::move_only_function<void()> done) {
    impl_->open().when_settled(time, std::move(done));
}
std::unique_ptr<Subscription> PeopleStore::subscribe(Position after, Filter filter) {
    return impl_->open().subscribe(after, std::move(filter));
}
Journal& PeopleStore::journal() {
    return impl_->open().journal();
}
StoreFigures PeopleStore::figures() const {
    return impl_->open().figures();
}
Snapshots* PeopleStore::snapshots() {
    return impl_->open().snapshots();
}
ReadThreads* PeopleStore::read_threads() {
    return impl_->open().read_threads();
}

}  // namespace vitrine::store
