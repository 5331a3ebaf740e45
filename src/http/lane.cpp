#include "referee/http/lane.hpp"

#include <utility>

namespace referee::http {
namespace {

std::string& lane_of_thread() {
  static thread_local std::string lane;
  return lane;
}

}  // namespace

Lane::Lane(std::string name) : outer_(std::exchange(lane_of_thread(), std::move(name))) {}

Lane::~Lane() {
  lane_of_thread() = std::move(outer_);
}

const std::string& Lane::current() {
  return lane_of_thread();
}

}  // namespace referee::http
