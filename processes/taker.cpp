#include "processes/taker.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include "core/backoff.hpp"
#include "net/timer.hpp"
#include "store/append.hpp"
#include "store/read.hpp"

namespace vitrine::processes {

namespace asio = boost::asio;

namespace {

std::string turn_key(const ProcessName& process) {
    return process.tenant.str() + '/' + process.kind + '/' + process.id;
}

store::Append append_of(
    const Kind& kind, const ProcessName& process, const Draft& draft, Version before, bool happened
) {
    store::Append append;
    append.tenant = process.tenant;
    append.streams.push_back(
        {kind.stream_of(process.id), store::ExpectedVersion::exact(before), draft.events}
    );
    append.has_happened = happened;
    return append;
}

/// Soon. Until then whoever carries the effect out has what the state may tell of people, too; it
/// is not kept for longer.
bool expects_outcome(const Folded& folded, const Input& input) {
    return !folded.under_way.empty() && !std::holds_alternative<events::ProcessEffectPutOff>(input);
}

struct Counting {
    explicit Counting(std::size_t& number) : count(number) { ++count; }
    Counting(const Counting&) = delete;
    Counting& operator=(const Counting&) = delete;
    ~Counting() { --count; }
    std::size_t& count;
};

}  // namespace

struct Taker::Tries {
    int conflicts = 0;
    int failures = 0;
    bool rows_have_ended = false;  // of commands that are to be answered
};

const Kind* Taker::kind_of(const ProcessName& process) const {
    const auto found = std::ranges::find(parts_.kinds, process.kind, &Kind::name);
    return found == parts_.kinds.end() ? nullptr : &*found;
}

asio::awaitable<Taken> Taker::take(std::shared_ptr<Taker> self, ProcessName process, Input input) {
    const auto* kind = self->kind_of(process);
    if (kind == nullptr) {
        self->parts_.notify(
            {Notice::Level::warning,
             "a process is of a kind that this program lacks",
             process,
             "",
             ""}
        );
        co_return Taken::stuck;
    }
    const Counting counting(self->under_way_);
    auto awaiting = self->turns_.take({turn_key(process)});
    const auto turn = co_await std::move(awaiting);
    auto taking = self->take_in_turn(process, *kind, std::move(input));
    co_return co_await std::move(taking);
}

asio::awaitable<Taken> Taker::take_in_turn(ProcessName process, const Kind& kind, Input input) {
    Tries tries;
    while (!stopped_) {
        std::string fault;
        try {
            auto trying = try_once(process, kind, input, tries);
            if (const auto taken = co_await std::move(trying)) co_return *taken;
        } catch (const std::exception& error) {
            fault = error.what();
        }
        if (fault.empty()) continue;
        parts_.notify(
            {Notice::Level::warning,
             "a process stands still until something happens in it, or the next start",
             process,
             "",
             fault}
        );
        co_return Taken::stuck;
    }
    co_return Taken::stopped;
}

asio::awaitable<std::optional<Taken>> Taker::try_once(
    const ProcessName& process, const Kind& kind, const Input& input, Tries& tries
) {
    auto kept = kept_.take(process).value_or(nothing_of(kind));
    auto reading = store::read(parts_.store, [&] {
        return catch_up(parts_.store, kind, process, std::move(kept));
    });
    auto folded = co_await std::move(reading);
    const auto before = folded.version;
    if (before == 0) co_return Taken::not_there;
    auto drafted = draft(kind, process, std::move(folded), input, parts_.time.now());
    if (!drafted.events.empty()) {
        const bool happened = std::holds_alternative<events::ProcessEffectEnded>(input);
        auto append = append_of(kind, process, drafted, before, happened);
        if (!drafted.answers.empty() && !tries.rows_have_ended)
            append.journal = store::ConcludeAll{drafted.answers};
        const auto appended = co_await store::append_to(parts_.store, std::move(append));
        if (!appended) {
            auto pausing = again(process, appended.error(), tries);
            co_return co_await std::move(pausing);
        }
        hooks_.appended(process, drafted, appended->first);
        if (parts_.answered)
            for (const auto& answer : drafted.answers)
                parts_.answered({process.tenant, answer.head.id});
    }
    if (tries.failures != 0) {
        parts_.notify({Notice::Level::info, "what a process does is stored", process, "", ""});
    }
    hooks_.seen(process, kind, drafted.after, before);
    if (expects_outcome(drafted.after, input)) kept_.keep(process, std::move(drafted.after));
    co_return Taken::taken;
}

/// The stream is loaded anew in any case: the log may have the events after all.
asio::awaitable<std::optional<Taken>> Taker::again(
    const ProcessName& process, const store::AppendError& error, Tries& tries
) {
    using Kind = store::AppendError::Kind;
    if (error.kind == Kind::shutting_down) co_return Taken::stopped;
    const auto is_conflict = error.kind == Kind::conflict;
    const bool has_ended = error.kind == Kind::not_owner || error.kind == Kind::key_in_use;
    if (has_ended && !std::exchange(tries.rows_have_ended, true)) {
        parts_.notify(
            {Notice::Level::warning,
             "a command that a process answers has been ended by somebody else",
             process,
             "",
             error.detail}
        );
        co_return std::nullopt;
    }
    if (error.kind == Kind::event_id_reused || has_ended ||
        (is_conflict && ++tries.conflicts > options_.most_tries)) {
        parts_.notify(
            {Notice::Level::warning,
             is_conflict ? "others write to the stream of a process again and again"
             : has_ended ? "a process would answer a command that was answered elsewhere"
                         : "a process would write what it has written in another way",
             process,
             "",
             error.detail}
        );
        co_return Taken::stuck;
    }
    if (!is_conflict && tries.failures++ == 0) {
        parts_.notify(
            {Notice::Level::warning,
             "what a process does cannot be stored yet",
             process,
             "",
             error.detail}
        );
    }
    const Backoff backoff{options_.first_pause, options_.longest_pause};
    co_await net::wait_for(backoff.pause(tries.conflicts + tries.failures));
    co_return std::nullopt;
}

}  // namespace vitrine::processes
