#include "referee/load/knee.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace referee::load {
namespace {

void judge(KneeStep& step, const KneeOptions& options) {
  if (step.achieved < options.achieved * step.rate) {
    step.why = fmt::format("achieved {:.0f} %", 100 * step.achieved / step.rate);
  } else if (step.p99_ms > options.p99_ms) {
    step.why = fmt::format("p99 above {:g} ms", options.p99_ms);
  }
  step.held = step.why.empty();
}

}  // namespace

bool held(const KneeStep& step, double rate, const KneeOptions& options) {
  auto judged = step;
  judged.rate = rate;
  judge(judged, options);
  return judged.held;
}

tl::expected<Knee, std::string> find_knee(const KneeOptions& options, const Measure& measure) {
  Knee knee;
  double next = options.first;
  for (int number = 0; number < options.most_steps; ++number) {
    auto step = measure(next);
    if (!step) return tl::unexpected(step.error());
    step->rate = next;
    judge(*step, options);
    knee.steps.push_back(*step);
    if (step->held) {
      knee.rate = std::max(knee.rate, next);
    } else {
      knee.beyond = knee.beyond == 0 ? next : std::min(knee.beyond, next);
    }
    if (knee.beyond == 0) {
      if (next >= options.most) break;
      next = std::min(next * 2, options.most);
    } else if (knee.rate == 0) {
      next = knee.beyond / 2;
      if (next < 1) break;
    } else {
      if (knee.beyond - knee.rate <= options.precision * knee.rate) break;
      next = (knee.rate + knee.beyond) / 2;
    }
  }
  return knee;
}

}  // namespace referee::load
