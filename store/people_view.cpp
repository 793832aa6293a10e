#include "store/people_view.hpp"

#include <stdexcept>
#include <utility>

namespace vitrine::store {
namespace {

using events::PersonMember;
using events::PersonText;

PersonText opened(
    PeopleKeys& keys, const RecordedEvent& event, const PersonMember& member, const PersonText& text
) {
    const auto key = keys.find(event.tenant, key_id_of(text.seal()));
    if (key == nullptr) return PersonText::erased();
    auto open =
        open_text(*key, place_of(event.tenant, event.stream, event.id, member), text.seal());
    // Moved from elsewhere or altered: whoever did that must not have it opened here.
    return open ? PersonText(*std::move(open)) : text;
}

PersonText shown(PeopleKeys& keys, const RecordedEvent& event, const PersonText& text) {
    if (text.is_erased()) return text;
    if (text.is_open() || keys.lives(event.tenant, key_id_of(text.seal())))
        return PersonText::sealed({});
    return PersonText::erased();
}

class ViewedSubscription : public Subscription {
public:
    ViewedSubscription(std::unique_ptr<Subscription> beneath, PeopleKeys& keys, PeopleView view)
        : beneath_(std::move(beneath)), keys_(keys), view_(view) {}

    std::optional<std::vector<SharedEvent>> advance(std::size_t limit) override {
        auto events = beneath_->advance(limit);
        if (!events) return events;
        for (auto& event : *events) {
            if (!events::names_people(event->type)) continue;
            auto own = *event;
            view_people(own, keys_, view_);
            event = std::make_shared<const RecordedEvent>(std::move(own));
        }
        return events;
    }
    using Subscription::poll;
    std::size_t poll(std::size_t limit, const Take& take) override {
        return beneath_->poll(limit, [&](const RecordedEvent& event) {
            if (!events::names_people(event.type)) return take(event);
            auto own = event;
            view_people(own, keys_, view_);
            return take(own);
        });
    }
    Position position() const override { return beneath_->position(); }
    void close() override { beneath_->close(); }

private:
    std::unique_ptr<Subscription> beneath_;
    PeopleKeys& keys_;
    PeopleView view_;
};

/// What a view owns that outlives who made it.
struct OwnedParts {
    std::unique_ptr<EventStore> log;
    std::unique_ptr<PeopleKeys> keys;
};

class OwnedView : private OwnedParts, public ViewedStore {
public:
    OwnedView(OwnedParts parts, PeopleView view)
        : OwnedParts(std::move(parts)),
          ViewedStore(*OwnedParts::log, *OwnedParts::keys, view, nullptr) {}
};

}  // namespace

SealedPlace place_of(
    const TenantId& tenant, const StreamName& stream, const EventId& id, const PersonMember& member
) {
    return {tenant.view(), stream.view(), id.view(), member.path};
}

void view_people(RecordedEvent& event, PeopleKeys& keys, PeopleView view) {
    if (!events::names_people(event.type)) return;
    const auto change = [&](const PersonMember& member, PersonText text) {
        if (view == PeopleView::shown) return shown(keys, event, text);
        return text.seal().empty() ? text : opened(keys, event, member, text);
    };
    try {
        if (auto data = events::with_people(event.type, event.data, change))
            event.data = *std::move(data);
    } catch (const std::runtime_error&) {
        // What cannot be read is told by whoever reads it; nothing of it is shown unread.
        if (view == PeopleView::shown) event.data = R"({"unreadable":true})";
    }
}

std::unique_ptr<Subscription> ViewedStore::subscribe(Position after, Filter filter) {
    return std::make_unique<ViewedSubscription>(
        log_.subscribe(after, std::move(filter)), keys_, view_
    );
}

std::unique_ptr<EventStore> with_people_viewed(
    std::unique_ptr<EventStore> log, std::unique_ptr<PeopleKeys> keys, PeopleView view
) {
    return std::make_unique<OwnedView>(OwnedParts{std::move(log), std::move(keys)}, view);
}

}  // namespace vitrine::store
