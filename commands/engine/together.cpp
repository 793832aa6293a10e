#include "commands/engine/together.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <iterator>

#include "commands/engine/conclusion.hpp"
#include "commands/engine/execution.hpp"
#include "commands/engine/refusals.hpp"
#include "commands/problem_of.hpp"
#include "core/async.hpp"
#include "store/append.hpp"
#include "store/read.hpp"

namespace vitrine::commands {
namespace {

/// Why one command of several cannot be appended; the others can.
bool is_of_one(const store::AppendError& error) {
    using Kind = store::AppendError::Kind;
    return error.kind == Kind::claimed || error.kind == Kind::key_in_use ||
           error.kind == Kind::not_owner || error.kind == Kind::event_id_reused;
}

CommandReply at_work() {
    return reply_of(in_flight(
        {"Another command on something that this one changes is under way.",
         "Outro comando sobre algo que este altera está em andamento."}
    ));
}

/// The streams of the same name have their events one after another.
void join(std::vector<store::StreamAppend>& streams, std::vector<store::StreamAppend> more) {
    for (auto& part : more) {
        const auto same = std::ranges::find(streams, part.stream, &store::StreamAppend::stream);
        if (same == streams.end()) {
            streams.push_back(std::move(part));
        } else {
            std::ranges::move(part.events, std::back_inserter(same->events));
        }
    }
}

}  // namespace

std::unique_ptr<FoldedStream> KeptStates::take(const Key& key) {
    const auto place = places_.find(key);
    if (place == places_.end()) return nullptr;
    auto folded = std::move(place->second->folded);
    kept_.erase(place->second);
    places_.erase(place);
    return folded;
}

void KeptStates::put(Key key, std::unique_ptr<FoldedStream> folded) {
    take(key);
    kept_.push_front({std::move(key), std::move(folded)});
    places_.emplace(kept_.front().key, kept_.begin());
    if (places_.size() <= limit_) return;
    places_.erase(kept_.back().key);
    kept_.pop_back();
}

boost::asio::awaitable<CommandReply> Together::handle(std::shared_ptr<Intake> intake) {
    auto waiting = std::make_unique<Waiting>();
    const auto& tenant = intake->request.principal.tenant;
    waiting->context = deciding_->tenant_context(tenant);
    waiting->keys.emplace(tenant, intake->head.stream);
    const auto from = deciding_->preparation_of(*intake, 0, waiting->context);
    for (auto& stream : intake->definition->handler.streams(from))
        waiting->keys.emplace(tenant, std::move(stream));
    waiting->intake = std::move(intake);
    co_return co_await wait_for_completion<CommandReply>([this,
                                                          &waiting](Completion<CommandReply> done) {
        waiting->done = std::move(done);
        enqueue(std::move(waiting));
    });
}

void Together::enqueue(std::unique_ptr<Waiting> waiting) {
    queue_.push_back(std::move(waiting));
    look_soon();
}

/// After whatever the loop has to do already: what has come by then goes together.
void Together::look_soon() {
    if (std::exchange(looks_soon_, true)) return;
    boost::asio::post(parts_.loop, [self = shared_from_this()] {
        self->looks_soon_ = false;
        self->look();
    });
}

void Together::look() {
    while (true) {
        auto batch = next_batch();
        if (batch.empty()) return;
        for (const auto& waiting : batch) busy_.insert(waiting->keys.begin(), waiting->keys.end());
        boost::asio::co_spawn(
            parts_.loop, work(shared_from_this(), std::move(batch)), boost::asio::detached
        );
    }
}

/// Commands of one tenant that nothing stands in the way of, in the order in which they came.
Together::Batch Together::next_batch() {
    Batch batch;
    std::set<Key> wanted;
    std::size_t looked = 0;
    for (auto& waiting : queue_) {
        if (batch.size() >= most_together || ++looked > looked_at) break;
        const auto& tenant = waiting->intake->request.principal.tenant;
        if (!batch.empty() && batch.front()->intake->request.principal.tenant != tenant) continue;
        const bool is_free = std::ranges::none_of(waiting->keys, [&](const Key& key) {
            return busy_.contains(key) || wanted.contains(key);
        });
        if (is_free) {
            batch.push_back(std::move(waiting));
        } else {
            wanted.insert(waiting->keys.begin(), waiting->keys.end());
        }
    }
    if (!batch.empty()) std::erase(queue_, nullptr);
    return batch;
}

boost::asio::awaitable<void> Together::work(std::shared_ptr<Together> self, Batch batch) {
    try {
        auto working = self->work_in_turn(batch);
        co_await std::move(working);
    } catch (const std::exception& error) {
        for (const auto& waiting : batch) {
            auto problem = problem_named("internal-error", {});
            auto notice = notice_of(
                Notice::Level::warning,
                "a command has failed",
                waiting->intake->request.principal.tenant,
                waiting->intake->head
            );
            notice.reason = error.what();
            self->parts_.notify(notice);
            waiting->reply = reply_of(problem);
        }
    }
    self->finish(std::move(batch));
}

boost::asio::awaitable<void> Together::work_in_turn(Batch& batch) {
    std::set<std::string> keys;
    for (const auto& waiting : batch) {
        for (const auto& [tenant, stream] : waiting->keys)
            std::ranges::move(turn_keys(tenant, stream, {}), std::inserter(keys, keys.end()));
    }
    const auto turn = co_await turns_->take({keys.begin(), keys.end()}, turn_wait_);
    if (!turn) {
        for (const auto& waiting : batch) waiting->reply = at_work();
        co_return;
    }
    for (int tries = 1;; ++tries) {
        auto trying = try_once(batch, tries == most_tries);
        if (co_await std::move(trying)) co_return;
    }
}

void Together::decide(Waiting& waiting, States& states) const {
    const auto& intake = *waiting.intake;
    const auto& definition = *intake.definition;
    states.begin();
    try {
        const auto version = definition.handler.own_version(states, intake.head.stream);
        if (version == 0 && definition.needs_entity()) {
            waiting.reply =
                reply_of(problem_named("not-found", no_such_thing(definition.entity.this_one)));
            return;
        }
        if (auto problem = problem_in(intake.request.precondition, version, version)) {
            waiting.reply = reply_of(*problem);
            return;
        }
        auto preparation = deciding_->preparation_of(intake, version, waiting.context);
        preparation.states = &states;
        auto prepared = definition.handler.prepare(preparation);
        if (!states.missing().empty()) {
            waiting.waits_again = true;
            for (const auto& stream : states.missing())
                waiting.further.emplace(intake.request.principal.tenant, stream);
        } else if (prepared) {
            waiting.plan = *std::move(prepared);
        } else {
            auto problem = problem_of(prepared.error());
            if (problem.http_status() == 409 && version != 0) problem.current_version = version;
            waiting.reply = reply_of(problem);
        }
    } catch (const events::UnreadableEvent& event) {
        waiting.reply = reply_of(problem_of(event));
    }
}

store::Append Together::append_of(std::span<const std::unique_ptr<Waiting>> batch) {
    store::Append all;
    std::vector<store::Conclude> ends;
    for (const auto& waiting : batch) {
        if (!waiting->plan) continue;
        auto& intake = *waiting->intake;
        intake.head.accepted_at = parts_.clock();
        intake.head.person = waiting->plan->person;
        auto end = done_at_once(
            *waiting->plan,
            {intake.request.principal.tenant, intake.head, parts_.clock(), parts_.new_id}
        );
        all.tenant = end.tenant;
        join(all.streams, std::move(end.streams));
        ends.push_back(std::get<store::Conclude>(*std::move(end.journal)));
    }
    if (ends.size() == 1) {
        all.journal = std::move(ends.front());
    } else {
        all.journal = store::ConcludeAll{std::move(ends)};
    }
    return all;
}

/// False: another writer was on one of the streams, so that it must be decided again.
boost::asio::awaitable<bool> Together::try_once(
    std::span<const std::unique_ptr<Waiting>> batch, bool last
) {
    const auto tenant = batch.front()->intake->request.principal.tenant;
    std::set<StreamName> held;
    for (const auto& waiting : batch) {
        waiting->reply.reset();
        waiting->plan.reset();
        waiting->waits_again = false;
        for (const auto& [of, stream] : waiting->keys) held.insert(stream);
    }
    States states(parts_.store, tenant, held);
    for (const auto& stream : held) {
        if (auto kept = kept_.take({tenant, stream})) states.keep(stream, std::move(kept));
    }
    const auto is_planned = [](const auto& waiting) { return waiting->plan.has_value(); };
    Position before = 0;  // of the last event of what is told already
    co_await store::read(parts_.store, [&] {
        for (const auto& waiting : batch) decide(*waiting, states);
        const bool has_events = std::ranges::any_of(batch, [](const auto& waiting) {
            return waiting->plan &&
                   (!waiting->plan->events.empty() ||
                    std::ranges::any_of(waiting->plan->others, [](const auto& other) {
                        return !other.events.empty();
                    }));
        });
        if (!has_events && std::ranges::any_of(batch, is_planned)) before = parts_.store.head();
    });
    if (std::ranges::any_of(batch, is_planned)) {
        auto append = append_of(batch);
        std::map<CommandId, store::CommandAnswer> answers;
        const auto keep_answer = [&](store::Conclude& conclude) {
            conclude.position = before;
            answers.emplace(conclude.head.id, conclude.answer);
        };
        if (auto* one = std::get_if<store::Conclude>(&*append.journal)) keep_answer(*one);
        if (auto* all = std::get_if<store::ConcludeAll>(&*append.journal))
            std::ranges::for_each(all->commands, keep_answer);
        const auto appended = co_await store::append_to(parts_.store, std::move(append));
        if (!appended && appended.error().kind == store::AppendError::Kind::conflict && !last)
            co_return false;
        if (!appended && batch.size() > 1 && is_of_one(appended.error())) {
            for (std::size_t i = 0; i < batch.size(); ++i) {
                for (int tries = 1;; ++tries) {
                    auto trying = try_once(batch.subspan(i, 1), tries == most_tries);
                    if (co_await std::move(trying)) break;
                }
            }
            co_return true;
        }
        for (const auto& waiting : batch) {
            if (!waiting->plan) {
                // What it was refused for may not have come about.
                if (!appended && waiting->reply)
                    waiting->reply = reply_of(problem_of(appended.error()));
                continue;
            }
            const auto& id = waiting->intake->head.id;
            waiting->reply =
                appended
                    ? reply_from(answers.at(id), id, appended->last == 0 ? before : appended->last)
                    : reply_of(problem_of(appended.error()));
        }
        if (!appended) co_return true;
    }
    for (auto& [stream, folded] : states.take()) {
        if (folded && held.contains(stream)) kept_.put({tenant, stream}, std::move(folded));
    }
    co_return true;
}

void Together::finish(Batch batch) {
    for (const auto& waiting : batch) {
        for (const auto& key : waiting->keys) busy_.erase(key);
    }
    for (auto& waiting : batch) {
        if (!waiting->reply && waiting->waits_again) {
            waiting->keys.merge(waiting->further);
            queue_.push_front(std::move(waiting));
        } else if (waiting->reply) {
            waiting->done(*std::move(waiting->reply));
        }
    }
    if (!queue_.empty()) look_soon();
}

}  // namespace vitrine::commands
