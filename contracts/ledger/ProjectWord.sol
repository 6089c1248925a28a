// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerTypes} from "./ILedgerTypes.sol";

/// @dev What a transfer or a mint needs to know of a project, in one word:
/// cap:56 | supply:56 | epoch:24 | holders:32 | maxHolders:32 | maxHolderBps:16 | state:8 | flags:8 | mintEpoch:24 from the
/// low end. mintEpoch: the newest epoch when units were last minted; only what was paid after it was earned by every unit.
type ProjectWord is uint256;

using ProjectWords for ProjectWord global;

library ProjectWords {
    uint256 private constant MAX_UNITS = type(uint56).max;
    uint256 private constant MAX_EPOCH = type(uint24).max;
    uint256 private constant MAX_HOLDERS = type(uint32).max;
    uint256 private constant MAX_BPS = type(uint16).max;
    uint256 private constant MAX_STATE = type(uint8).max;
    uint256 private constant SUPPLY = 56;
    uint256 private constant EPOCH = 112;
    uint256 private constant HOLDERS = 136;
    uint256 private constant HOLDER_CAP = 168;
    uint256 private constant HOLDER_BPS = 200;
    uint256 private constant STATE = 216;
    uint256 private constant HAS_RULES = 1 << 224;
    uint256 private constant HAS_COUNTRIES = 1 << 225;
    uint256 private constant MINT_EPOCH = 232;

    function create(uint56 cap_, uint32 maxHolders_, uint16 maxHolderBps_) internal pure returns (ProjectWord) {
        return ProjectWord.wrap(uint256(cap_) | uint256(maxHolders_) << HOLDER_CAP | uint256(maxHolderBps_) << HOLDER_BPS)
            .withState(ILedgerTypes.State.Draft);
    }

    function cap(ProjectWord self) internal pure returns (uint256) {
        return ProjectWord.unwrap(self) & MAX_UNITS;
    }

    function supply(ProjectWord self) internal pure returns (uint256) {
        return (ProjectWord.unwrap(self) >> SUPPLY) & MAX_UNITS;
    }

    function epoch(ProjectWord self) internal pure returns (uint256) {
        return (ProjectWord.unwrap(self) >> EPOCH) & MAX_EPOCH;
    }

    function holders(ProjectWord self) internal pure returns (uint256) {
        return (ProjectWord.unwrap(self) >> HOLDERS) & MAX_HOLDERS;
    }

    function maxHolders(ProjectWord self) internal pure returns (uint256) {
        return (ProjectWord.unwrap(self) >> HOLDER_CAP) & MAX_HOLDERS;
    }

    function maxHolderBps(ProjectWord self) internal pure returns (uint256) {
        return (ProjectWord.unwrap(self) >> HOLDER_BPS) & MAX_BPS;
    }

    function state(ProjectWord self) internal pure returns (ILedgerTypes.State) {
        return ILedgerTypes.State((ProjectWord.unwrap(self) >> STATE) & MAX_STATE);
    }

    function mintEpoch(ProjectWord self) internal pure returns (uint256) {
        return ProjectWord.unwrap(self) >> MINT_EPOCH;
    }

    function hasRules(ProjectWord self) internal pure returns (bool) {
        return ProjectWord.unwrap(self) & HAS_RULES != 0;
    }

    function hasCountries(ProjectWord self) internal pure returns (bool) {
        return ProjectWord.unwrap(self) & HAS_COUNTRIES != 0;
    }

    /// @dev Most units that one holder may have.
    function maxUnits(ProjectWord self) internal pure returns (uint256) {
        return self.cap() * self.maxHolderBps() / 10_000;
    }

    function isFull(ProjectWord self) internal pure returns (bool) {
        uint256 most = self.maxHolders();
        return most != 0 && self.holders() >= most;
    }

    function withSupply(ProjectWord self, uint256 value) internal pure returns (ProjectWord) {
        return _with(self, SUPPLY, MAX_UNITS, value);
    }

    /// @dev New units have earned nothing yet.
    function withMinted(ProjectWord self, uint256 units) internal pure returns (ProjectWord) {
        return _with(self.withSupply(self.supply() + units), MINT_EPOCH, MAX_EPOCH, self.epoch());
    }

    function withEpoch(ProjectWord self, uint256 value) internal pure returns (ProjectWord) {
        return _with(self, EPOCH, MAX_EPOCH, value);
    }

    function withHolders(ProjectWord self, uint256 value) internal pure returns (ProjectWord) {
        return _with(self, HOLDERS, MAX_HOLDERS, value);
    }

    function withState(ProjectWord self, ILedgerTypes.State value) internal pure returns (ProjectWord) {
        return _with(self, STATE, MAX_STATE, uint256(value));
    }

    function withRules(ProjectWord self, bool value) internal pure returns (ProjectWord) {
        uint256 rest = ProjectWord.unwrap(self) & ~HAS_RULES;
        return ProjectWord.wrap(value ? rest | HAS_RULES : rest);
    }

    function withCountries(ProjectWord self, bool value) internal pure returns (ProjectWord) {
        uint256 rest = ProjectWord.unwrap(self) & ~HAS_COUNTRIES;
        return ProjectWord.wrap(value ? rest | HAS_COUNTRIES : rest);
    }

    function _with(ProjectWord self, uint256 shift, uint256 mask, uint256 value) private pure returns (ProjectWord) {
        return ProjectWord.wrap((ProjectWord.unwrap(self) & ~(mask << shift)) | value << shift);
    }
}
