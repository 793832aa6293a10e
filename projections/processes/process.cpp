#include "projections/processes/process.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/overloaded.hpp"

namespace vitrine::projections {
namespace {

template <class OfEffect>
ProcessStep& step_of(ProcessState& process, const OfEffect& ended) {
    const auto found = std::ranges::find_if(process.steps, [&](const ProcessStep& step) {
        return step.effect == ended.effect && step.key == ended.key;
    });
    if (found == process.steps.end())
        throw std::runtime_error("the effect " + ended.effect + " was never intended");
    return *found;
}

void unset(ProcessState& process, const std::string& timer) {
    std::erase_if(process.timers, [&](const ProcessTimer& each) { return each.name == timer; });
}

}  // namespace

std::size_t ProcessState::bytes() const {
    auto sum = sizeof(ProcessState) + kind.size() + id.size() + state.size() + waits_for.size() +
               waits_for_pt.size() + last_ignored.size() + last_ignored_pt.size();
    for (const auto& step : steps) {
        sum += sizeof step + step.key.size() + step.connector.size() + step.summary.size() +
               step.summary_pt.size() + step.detail.size() + step.detail_pt.size();
    }
    return sum + timers.size() * (sizeof(ProcessTimer) + 16);
}

void evolve(ProcessState& process, const events::ProcessEvent& event, Timestamp recorded_at) {
    std::visit(
        overloaded{
            [&](const events::ProcessOpened&) {},
            [&](const events::ProcessTimerSet& e) {
                unset(process, e.timer);
                process.timers.push_back({e.timer, e.due});
            },
            [&](const events::ProcessTimerCancelled& e) { unset(process, e.timer); },
            [&](const events::ProcessTimerFired& e) { unset(process, e.timer); },
            [&](const events::ProcessEffectIntended& e) {
                ProcessStep step;
                step.effect = e.effect;
                step.key = e.key;
                step.connector = e.connector;
                step.summary = e.summary;
                step.summary_pt = e.summary_pt;
                step.state = "running";
                step.intended_at = recorded_at;
                process.steps.push_back(std::move(step));
            },
            [&](const events::ProcessEffectEnded& e) {
                auto& step = step_of(process, e);
                step.state = e.outcome;
                step.attempts = e.attempts;
                step.ended_at = recorded_at;
                step.next_try_at.reset();
                step.problem = e.problem;
                step.detail = e.detail;
                step.detail_pt = e.detail_pt;
            },
            [&](const events::ProcessEffectPutOff& e) {
                auto& step = step_of(process, e);
                step.attempts = e.attempts;
                step.next_try_at = e.until;
                step.problem = e.problem;
                step.detail = e.detail;
                step.detail_pt = e.detail_pt;
            },
            [&](const events::ProcessAsked&) {},
            [&](const events::ProcessAnswered&) {},
            [&](const events::ProcessSignalIgnored& e) {
                ++process.ignored;
                process.last_ignored = e.reason;
                process.last_ignored_pt = e.reason_pt;
            },
            [&](const events::ProcessWaiting& e) {
                process.state = e.state;
                process.waits_for = e.waits_for;
                process.waits_for_pt = e.waits_for_pt;
            },
        },
        event
    );
    process.changed_at = recorded_at;
}

}  // namespace vitrine::projections
