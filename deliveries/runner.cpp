#include "deliveries/runner.hpp"

#include <algorithm>
#include <boost/asio/detached.hpp>

#include "deliveries/runner_impl.hpp"
#include "net/timer.hpp"

namespace vitrine::deliveries {
namespace {

constexpr std::chrono::seconds after_fault{1};
constexpr std::size_t page_bytes = 1024 * 1024;
constexpr std::size_t looked_at = 512;  // events of the log that one page passes over

std::string first_event(store::EventStore& store) {
    const auto first = store.read_all(1, {}, 1, store::Direction::forwards);
    return first.empty() ? std::string() : first.front().id.str();
}

/// The log when it is begun with.
struct Log {
    std::string first;  // the id of its first event
    Position head = 0;
    std::unique_ptr<store::Subscription> coming;  // what comes after it
};

/// Blocks.
Log look_at(store::EventStore& store) {
    Log log{.first = first_event(store), .head = store.head(), .coming = nullptr};
    log.coming = store.subscribe(log.head, {});
    return log;
}

/// Blocks.
ReadEvents read_page(store::EventStore& store, const Receiver& receiver, const Reading& reading) {
    store::Filter filter;
    filter.tenant = receiver.name().tenant;
    const auto log = store.subscribe(reading.after, std::move(filter));
    ReadEvents page;
    std::size_t bytes = 0;
    bool is_past = false;
    log->poll(looked_at, [&](const events::RecordedEvent& event) {
        if (reading.last && event.position > *reading.last) {
            is_past = true;
            return false;
        }
        if (receiver.wants(event)) {
            page.events.push_back(std::make_shared<const events::RecordedEvent>(event));
            bytes += event.data.size() + event.metadata.size();
        }
        return page.events.size() < reading.limit && bytes < page_bytes;
    });
    page.up_to = log->position();
    if (!reading.last) return page;
    const bool is_all = is_past || page.up_to == reading.after;  // nothing of the tenant follows
    page.up_to = is_all ? *reading.last : std::min(page.up_to, *reading.last);
    return page;
}

}  // namespace

Runner::Impl::Impl(Parts parts, Options options)
    : parts_(std::move(parts)),
      options_(std::move(options)),
      reader_(parts_.data),
      save_timer_(parts_.loop),
      drain_timer_(parts_.loop) {}

void Runner::Impl::set(std::shared_ptr<Receiver> receiver) {
    const auto name = receiver->name();
    SharedLine line;
    bool is_new = false;
    {
        const std::scoped_lock lock(mutex_);
        auto& place = lines_[name];
        is_new = !place;
        if (is_new) {
            place = std::make_shared<Line>(std::move(receiver), options_.limits);
            of_tenant_[name.tenant].push_back(place);
        } else {
            place->lane.replace(std::move(receiver));
        }
        line = place;
    }
    if (!is_open_) return;
    if (is_new) return open(line);
    go_on(line);
    wake_saver();
}

void Runner::Impl::remove(const ReceiverName& name) {
    {
        const std::scoped_lock lock(mutex_);
        const auto found = lines_.find(name);
        if (found == lines_.end()) return;
        const auto line = found->second;
        line->removed = true;
        line->wake = {};
        std::erase_if(notes_, [&line](const Note& note) {
            return note.receiver == line->lane.number();
        });
        std::erase(of_tenant_[name.tenant], line);
        lines_.erase(found);
    }
    if (!is_open_) return;
    forget(name);
}

void Runner::Impl::forget(const ReceiverName& name) {
    asio::post(disk_, [self = shared_from_this(), name] {
        try {
            self->progress_->forget(name);
        } catch (const std::exception& fault) {
            self->tell_fault(fault.what());  // forgotten at the next start
        }
    });
}

void Runner::Impl::start() {
    watching_ = parts_.keeper.watch([this] { return what_is_under_way(); });
    asio::co_spawn(parts_.loop, begin(shared_from_this()), asio::detached);
}

asio::awaitable<void> Runner::Impl::begin([[maybe_unused]] std::shared_ptr<Impl> self) {
    ++working_;
    while (!stopped_ && !is_open_) {
        std::optional<std::string> fault;
        try {
            auto log = co_await of_log([this] { return look_at(parts_.store); });
            if (stopped_) break;
            auto [progress, names] = co_await on_disk([this, first = log.first, head = log.head] {
                auto opened = std::make_unique<Progress>(parts_.data, first, head);
                auto known = opened->names();
                return std::pair(std::move(opened), std::move(known));
            });
            if (stopped_) break;
            progress_ = std::move(progress);
            end_ = log.head;
            is_open_ = true;
            for (const auto& name : names)
                if (!lines_.contains(name)) forget(name);
            follow(std::move(log.coming));
        } catch (const std::exception& error) {
            fault = error.what();
        }
        if (!fault) break;
        tell_fault(*fault);
        co_await net::wait_for(after_fault);
    }
    --working_;
}

void Runner::Impl::follow(std::unique_ptr<store::Subscription> coming) {
    follower_ = std::make_unique<Follower>(
        parts_.loop,
        std::move(coming),
        [this](const std::vector<SharedEvent>& events, Position up_to) { take_new(events, up_to); }
    );
    for (const auto& [name, line] : lines_) open(line);
}

/// Ends the threads and keeps what is known by now.
void Runner::Impl::stop() {
    stopped_ = true;
    watching_ = {};
    follower_.reset();
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& [name, line] : lines_) line->wake = {};
    }
    disk_.join();
    if (!progress_) return;
    try {
        if (const auto batch = gather(); !batch.empty()) progress_->apply(batch);
    } catch (const std::exception& fault) {
        tell_fault(fault.what());
    }
    progress_.reset();
}

void Runner::Impl::drain(std::chrono::milliseconds patience, std::move_only_function<void()> done) {
    draining_ = true;
    drained_ = std::move(done);
    drain_timer_.expires_after(under_way_ == 0 ? std::chrono::milliseconds(0) : patience);
    drain_timer_.async_wait([self = shared_from_this()](const boost::system::error_code&) {
        if (auto tell = std::exchange(self->drained_, nullptr)) tell();
    });
}

void Runner::Impl::open(const SharedLine& line) {
    asio::co_spawn(parts_.loop, open_line(shared_from_this(), line), asio::detached);
}

asio::awaitable<void> Runner::Impl::open_line(
    [[maybe_unused]] std::shared_ptr<Impl> self, SharedLine line
) {
    ++working_;
    while (!stopped_ && !line->removed) {
        std::optional<std::string> fault;
        try {
            const auto name = line->lane.receiver().name();
            const auto start = line->lane.receiver().start();
            auto kept =
                co_await on_disk([this, name, start] { return progress_->open(name, start); });
            const std::scoped_lock lock(mutex_);
            line->lane.open(std::move(kept));
            break;
        } catch (const std::exception& error) {
            fault = error.what();
        }
        tell_fault(*fault);
        co_await net::wait_for(after_fault);
    }
    --working_;
    if (!stopped_) go_on(line);
}

void Runner::Impl::take_new(const std::vector<SharedEvent>& events, Position up_to) {
    const auto now = parts_.keeper.now();
    std::vector<SharedLine> concerned;
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& event : events) {
            const auto found = of_tenant_.find(event->tenant);
            if (found == of_tenant_.end()) continue;
            for (const auto& line : found->second) {
                if (!line->lane.keeps_up()) continue;
                line->lane.offer_new(event, now);
                if (!std::exchange(line->is_concerned, true)) concerned.push_back(line);
            }
        }
        end_ = std::max(end_, up_to);
    }
    for (const auto& line : concerned) {
        line->is_concerned = false;
        go_on(line);
    }
    if (!concerned.empty()) wake_saver();
}

/// After anything that may let it read or send more.
void Runner::Impl::go_on(const SharedLine& line) {
    feed(line);
    stand_in_line(line);
    pump();
}

void Runner::Impl::feed(const SharedLine& line) {
    if (stopped_ || draining_ || line->removed) return;
    std::optional<Reading> reading;
    {
        const std::scoped_lock lock(mutex_);
        reading = line->lane.begin_reading();
    }
    if (reading)
        asio::co_spawn(parts_.loop, read(shared_from_this(), line, *reading), asio::detached);
}

asio::awaitable<void> Runner::Impl::read(
    [[maybe_unused]] std::shared_ptr<Impl> self, SharedLine line, Reading reading
) {
    ++working_;
    std::optional<std::string> fault;
    try {
        const auto receiver = line->lane.shared_receiver();
        auto page = co_await of_log([this, receiver, reading] {
            return read_page(parts_.store, *receiver, reading);
        });
        const std::scoped_lock lock(mutex_);
        line->lane.read(std::move(page), end_, parts_.keeper.now());
    } catch (const std::exception& error) {
        fault = error.what();
    }
    if (fault) {
        tell_fault(*fault);
        co_await net::wait_for(after_fault);
        const std::scoped_lock lock(mutex_);
        line->lane.reading_failed();
    }
    --working_;
    if (stopped_) co_return;
    go_on(line);
    wake_saver();
}

void Runner::Impl::stand_in_line(const SharedLine& line) {
    if (line->stands_in_line || line->removed || line->lane.rests()) return;
    line->stands_in_line = true;
    (line->lane.is_failing() ? failing_in_line_ : in_line_).push_back(line);
}

/// One attempt of each who stands in line, turn by turn, as long as there is room.
void Runner::Impl::pump() {
    if (stopped_ || draining_ || !is_open_) return;
    const auto serve = [this](std::deque<SharedLine>& waiting, bool failing) {
        const auto line = waiting.front();
        waiting.pop_front();
        line->stands_in_line = false;
        if (start_one(line, failing)) {
            stand_in_line(line);
        } else {
            wait_for_due(line);
        }
    };
    while (under_way_ < options_.in_flight && !in_line_.empty()) serve(in_line_, false);
    while (under_way_ < options_.in_flight && failing_under_way_ < (options_.in_flight + 1) / 2 &&
           !failing_in_line_.empty()) {
        serve(failing_in_line_, true);
    }
}

void Runner::Impl::wait_for_due(const SharedLine& line) {
    std::optional<Timestamp> due;
    if (!line->removed && !line->lane.rests() && line->lane.has_slot())
        due = line->lane.queue().next_due();
    if (due == line->wakes_at) return;
    line->wakes_at = due;
    line->wake = {};
    if (!due) return;
    line->wake =
        parts_.keeper.at(*due, [this, weak = weak_from_this(), at = std::weak_ptr<Line>(line)] {
            const auto self = weak.lock();
            const auto woken = at.lock();
            if (!self || !woken || stopped_) return;
            woken->wakes_at.reset();
            go_on(woken);
        });
}

/// Of an engine that takes long: as far as the log went when it was looked at last.
bool Runner::Impl::has_seen_all() {
    if (lines_.empty()) return true;
    if (parts_.store.read_threads() == nullptr) return end_ >= parts_.store.head();
    if (!std::exchange(looking_at_head_, true))
        asio::co_spawn(parts_.loop, look_at_head(shared_from_this()), asio::detached);
    return end_ >= head_;
}

asio::awaitable<void> Runner::Impl::look_at_head([[maybe_unused]] std::shared_ptr<Impl> self) {
    std::optional<std::string> fault;
    try {
        head_ = co_await of_log([this] { return parts_.store.head(); });
    } catch (const std::exception& error) {
        fault = error.what();
    }
    looking_at_head_ = false;
    if (fault) tell_fault(*fault);
}

std::optional<std::string> Runner::Impl::what_is_under_way() {
    if (under_way_ == 0 && working_ == 0 && notes_.empty() && has_seen_all()) return std::nullopt;
    for (const auto& [name, line] : lines_) {
        if (line->lane.queue().under_way() > 0)
            return "delivery to " + name.kind + ' ' + name.id + " of " + name.tenant.str();
    }
    return "deliveries: files are read and written";
}

void Runner::Impl::tell_fault(const std::string& what) {
    if (parts_.fault) parts_.fault(what);
}

std::vector<ReceiverStatus> Runner::Impl::status(const std::optional<TenantId>& tenant) const {
    const auto head = parts_.store.head();
    std::vector<ReceiverStatus> all;
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& [name, line] : lines_)
            if (!tenant || name.tenant == *tenant) all.push_back(line->lane.status(end_, head));
    }
    for (auto& each : all) {
        if (each.oldest || each.lag == 0) continue;
        store::Filter filter;
        filter.tenant = each.name.tenant;
        const auto next =
            parts_.store.read_all(each.position + 1, filter, 1, store::Direction::forwards);
        if (!next.empty()) each.oldest = next.front().recorded_at;
    }
    return all;
}

Runner::Runner(Parts parts, Options options)
    : impl_(std::make_shared<Impl>(std::move(parts), std::move(options))) {}

Runner::~Runner() {
    impl_->stop();
}

void Runner::set(std::shared_ptr<Receiver> receiver) {
    impl_->set(std::move(receiver));
}

void Runner::remove(const ReceiverName& name) {
    impl_->remove(name);
}

void Runner::start() {
    impl_->start();
}

void Runner::drain(std::chrono::milliseconds patience, std::move_only_function<void()> done) {
    impl_->drain(patience, std::move(done));
}

asio::awaitable<std::expected<Retried, Refused>> Runner::retry(
    ReceiverName name, std::optional<EventId> event
) {
    return impl_->retry(std::move(name), std::move(event));
}

asio::awaitable<std::expected<std::uint64_t, Refused>> Runner::dismiss(
    ReceiverName name, std::optional<EventId> event
) {
    return impl_->dismiss(std::move(name), std::move(event));
}

asio::awaitable<std::expected<Replay, Refused>> Runner::replay(
    ReceiverName name, Position from, std::optional<Position> to
) {
    return impl_->replay(std::move(name), from, to);
}

asio::awaitable<std::expected<void, Refused>> Runner::pause(ReceiverName name, bool paused) {
    return impl_->pause(std::move(name), paused);
}

std::vector<ReceiverStatus> Runner::status(const std::optional<TenantId>& tenant) const {
    return impl_->status(tenant);
}

DeliveryPage Runner::list(
    const ReceiverName& name, State state, std::optional<std::uint64_t> before, std::size_t limit
) const {
    return impl_->reader().list(name, state, before, limit);
}

}  // namespace vitrine::deliveries
