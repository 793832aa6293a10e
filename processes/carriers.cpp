#include "processes/carriers.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/backoff.hpp"
#include "core/overloaded.hpp"
#include "processes/signal_id.hpp"

namespace vitrine::processes {

namespace asio = boost::asio;

using gateways::Before;
using gateways::Done;
using gateways::InDoubt;
using gateways::NotDone;
using gateways::Outcome;
using gateways::Refused;

namespace {

struct Stopped {};

Outcome wanted_no_more() {
    return NotDone{
        {"wanted-no-more", 409, "refused", {"It is wanted no more.", "Não é mais desejado."}}, {}
    };
}

}  // namespace

struct Carriers::Carrier {
    Carrier(const asio::any_io_executor& loop) : alarm(loop) {}

    ProcessName process;
    WantedEffect effect;
    CorrelationId correlation_id;
    Before before = Before::nothing;
    bool is_wanted = true;
    bool is_stuck = false;
    int attempts = 0;
    int asked = 0;         // of these: after how many nobody could tell
    Timestamp until = {};  // not taken up again before
    bool is_pausing = false;
    asio::steady_timer alarm;
    net::Appointment appointment = {};

    Key key() const { return {process, {effect.name, effect.key}}; }
    void wake() {
        is_pausing = false;
        alarm.cancel();
    }
};

void Carriers::look(
    const ProcessName& process, const Kind& kind, const Folded& folded, Version before
) {
    if (stopped_) return;
    for (const auto& [name, intended] : folded.under_way) {
        if (carriers_.contains({process, name})) continue;
        begin(process, name, intended, folded.correlation_id, intended.intended_at > before);
    }
    auto carrier = carriers_.lower_bound({process, {}});
    if (carrier == carriers_.end() || carrier->first.first != process) return;
    const auto wanted = kind.wanted(folded.state);
    for (; carrier != carriers_.end() && carrier->first.first == process; ++carrier) {
        const auto& name = carrier->first.second;
        carrier->second->is_wanted =
            std::ranges::any_of(wanted.effects, [&](const WantedEffect& effect) {
                return effect.name == name.first && effect.key == name.second;
            });
        const bool may_end = !carrier->second->is_wanted && carrier->second->is_pausing &&
                             carrier->second->before != Before::perhaps_sent;
        if (may_end) carrier->second->wake();
    }
}

void Carriers::begin(
    const ProcessName& process,
    const EffectName& name,
    const IntendedEffect& intended,
    const CorrelationId& correlation_id,
    bool is_new
) {
    auto carrier = std::make_shared<Carrier>(parts_.loop);
    carrier->process = process;
    carrier->effect.name = name.first;
    carrier->effect.key = name.second;
    carrier->correlation_id = correlation_id;
    carrier->before = is_new ? Before::nothing : Before::perhaps_sent;
    if (const auto& put_off = intended.put_off) {
        carrier->attempts = static_cast<int>(put_off->attempts);
        carrier->asked = static_cast<int>(put_off->asked);
        carrier->until = put_off->until;
        // Nothing was sent since.
        if (!put_off->unknown && parts_.time.now() < put_off->until)
            carrier->before = Before::given_up;
    }
    carriers_.emplace(carrier->key(), carrier);
    if (!intended.wanted)
        return stand_still(*carrier, "this program does not say what the effect is");
    carrier->effect = *intended.wanted;
    asio::co_spawn(
        parts_.loop,
        carry(shared_from_this(), carrier),
        [self = shared_from_this(), carrier](const std::exception_ptr& error) {
            if (!error) return;
            try {
                std::rethrow_exception(error);
            } catch (const Stopped&) {
            } catch (const std::exception& fault) {
                self->stand_still(*carrier, fault.what());
            }
        }
    );
}

void Carriers::stand_still(Carrier& carrier, std::string reason) {
    carrier.is_stuck = true;
    parts_.notify(
        {Notice::Level::warning,
         "an effect of a process stands still until the next start",
         carrier.process,
         effect_signal(carrier.effect.name, carrier.effect.key),
         std::move(reason)}
    );
}

asio::awaitable<void> Carriers::carry(std::shared_ptr<Carriers> self, SharedCarrier carrier) {
    while (true) {
        auto pausing = self->pause(carrier);
        co_await std::move(pausing);
        if (self->stopped_) co_return;
        auto trying = self->try_once(carrier);
        const auto outcome = co_await std::move(trying);
        if (!outcome || self->stopped_) co_return;
        auto put_off = self->put_off(*carrier, *outcome);
        const bool has_ended = !put_off;
        if (put_off && (put_off->unknown ? put_off->asked : put_off->attempts) == 1)
            self->tell_people(*carrier, *put_off);
        auto telling = self->tell_(
            carrier->process, has_ended ? Input(ended(*carrier, *outcome)) : Input(*put_off)
        );
        const auto taken = co_await std::move(telling);
        if (taken == Taken::stopped) co_return;
        if (taken != Taken::taken) {
            carrier->is_stuck = true;
            co_return;
        }
        if (!has_ended) continue;
        self->carriers_.erase(carrier->key());
        co_return;
    }
}

void Carriers::tell_people(const Carrier& carrier, const events::ProcessEffectPutOff& put_off) {
    parts_.notify(
        {put_off.unknown ? Notice::Level::warning : Notice::Level::info,
         put_off.unknown ? "nobody can tell what became of an effect of a process"
                         : "an effect of a process is not done yet, and is tried again",
         carrier.process,
         effect_signal(carrier.effect.name, carrier.effect.key),
         put_off.detail}
    );
}

/// When it is taken up again; nullopt: it has ended.
std::optional<events::ProcessEffectPutOff> Carriers::put_off(
    Carrier& carrier, const Outcome& outcome
) const {
    const auto& retries = carrier.effect.retries;
    events::ProcessEffectPutOff put_off;
    const gateways::Refusal* why = nullptr;
    if (const auto* in_doubt = std::get_if<InDoubt>(&outcome)) {
        const auto asked = static_cast<std::size_t>(carrier.asked++);
        if (asked >= retries.doubts.size()) return std::nullopt;
        why = &in_doubt->refusal;
        put_off.unknown = true;
        carrier.before = Before::perhaps_sent;
        carrier.until = parts_.time.now() + retries.doubts[asked];
    } else if (const auto* not_done = std::get_if<NotDone>(&outcome)) {
        const auto tried = static_cast<std::size_t>(carrier.attempts - carrier.asked);
        if (!carrier.is_wanted || tried > retries.pauses.size()) return std::nullopt;
        why = &not_done->refusal;
        carrier.before = Before::given_up;
        const auto bound = retries.pauses[tried - 1];
        carrier.until = parts_.time.now() + Backoff{bound, bound}.pause(1, not_done->retry_after);
    } else {
        return std::nullopt;
    }
    put_off.kind = carrier.process.kind;
    put_off.effect = carrier.effect.name;
    put_off.key = carrier.effect.key;
    put_off.attempts = carrier.attempts;
    put_off.asked = carrier.asked;
    put_off.until = carrier.until;
    put_off.problem = why->problem;
    put_off.detail = why->detail.english();
    put_off.detail_pt = why->detail.in(Language::portuguese);
    return put_off;
}

/// nullopt: the runner stops.
asio::awaitable<std::optional<Outcome>> Carriers::try_once(SharedCarrier carrier) {
    auto awaiting = slots_.take(carrier->process.tenant);
    const auto slot = co_await std::move(awaiting);
    if (stopped_) co_return std::nullopt;
    if (!carrier->is_wanted && carrier->before != Before::perhaps_sent) co_return wanted_no_more();
    const auto& effect = carrier->effect;
    const auto gateway = parts_.connectors.find(effect.effect.connector);
    if (gateway == parts_.connectors.end())
        throw std::runtime_error("no gateway is called \"" + effect.effect.connector + '"');
    ++carrier->attempts;
    auto carrying = gateways::carry_out(
        {.gateway = *gateway->second,
         .effect = effect.effect,
         .origin =
             {carrier->process.tenant,
              command_id_of(carrier->process, effect.name, effect.key),
              effect.name,
              carrier->correlation_id,
              "",
              actor_of(carrier->process)},
         .before = carrier->before,
         .about_to_send =
             [self = shared_from_this()] {
                 if (self->stopped_) throw Stopped();
             }},
        options_.errand
    );
    co_return co_await std::move(carrying);
}

/// Until its time, or until it is wanted no more and known not to have happened.
asio::awaitable<void> Carriers::pause(SharedCarrier carrier) {
    const bool may_end = !carrier->is_wanted && carrier->before != Before::perhaps_sent;
    if (may_end || carrier->until <= parts_.time.now()) co_return;
    carrier->is_pausing = true;
    carrier->appointment = parts_.time.at(carrier->until, [weak = std::weak_ptr(carrier)] {
        if (const auto waiting = weak.lock()) waiting->wake();
    });
    while (carrier->is_pausing && !stopped_) {
        boost::system::error_code ignored;
        carrier->alarm.expires_at(asio::steady_timer::time_point::max());
        co_await carrier->alarm.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    carrier->appointment.end();
}

events::ProcessEffectEnded Carriers::ended(const Carrier& carrier, const Outcome& outcome) {
    events::ProcessEffectEnded ended;
    ended.kind = carrier.process.kind;
    ended.effect = carrier.effect.name;
    ended.key = carrier.effect.key;
    ended.attempts = carrier.attempts;
    const auto say = [&ended](std::string_view what, const gateways::Refusal& refusal) {
        ended.outcome = what;
        ended.problem = refusal.problem;
        ended.detail = refusal.detail.english();
        ended.detail_pt = refusal.detail.in(Language::portuguese);
    };
    std::visit(
        overloaded{
            [&](const Done& done) {
                ended.outcome = events::effect_outcome::done;
                ended.created = done.id;
                ended.told = done.told;
            },
            [&](const Refused& no) {
                say(events::effect_outcome::refused, no.refusal);
                ended.told = no.told;
            },
            [&](const NotDone& no) { say(events::effect_outcome::not_done, no.refusal); },
            [&](const InDoubt& in_doubt) { say(events::effect_outcome::unknown, in_doubt.refusal); }
        },
        outcome
    );
    return ended;
}

void Carriers::stop() {
    stopped_ = true;
    for (auto& [key, carrier] : carriers_) carrier->wake();
}

std::size_t Carriers::under_way() const {
    return carriers_.size() - stuck();
}

std::size_t Carriers::pausing() const {
    return static_cast<std::size_t>(std::ranges::count_if(carriers_, [](const auto& each) {
        return each.second->is_pausing;
    }));
}

std::size_t Carriers::stuck() const {
    return static_cast<std::size_t>(std::ranges::count_if(carriers_, [](const auto& each) {
        return each.second->is_stuck;
    }));
}

std::optional<std::string> Carriers::active() const {
    for (const auto& [key, carrier] : carriers_) {
        if (carrier->is_stuck || carrier->is_pausing) continue;
        return "process " + key.first.kind + ' ' + key.first.id + ", effect " + key.second.first;
    }
    return std::nullopt;
}

}  // namespace vitrine::processes
