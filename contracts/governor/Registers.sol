// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {requireDeployed} from "../access/Deployed.sol";
import {ITerraLuminaGovernor} from "../ITerraLuminaGovernor.sol";
import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {TimelockedGovernor} from "./TimelockedGovernor.sol";

/// @title Who decides a proposal: the balances at an epoch, found by the second in which the vote begins.
abstract contract Registers is ITerraLuminaGovernor, TimelockedGovernor {
    uint8 private constant FROZEN_OR_RETIRED = 8 | 16;
    uint256 private constant ALL_BPS = 10_000;

    /// @dev Proposals made in the same second share it.
    /// @param quorum Units
    struct Register {
        uint24 epoch;
        uint48 openedAt;
        uint56 quorum;
    }

    /// @inheritdoc ITerraLuminaGovernor
    ITerraLuminaOwnership public immutable ledger;
    /// @inheritdoc ITerraLuminaGovernor
    uint24 public immutable projectId;
    /// @inheritdoc ITerraLuminaGovernor
    uint16 public quorumBps;
    mapping(uint256 timepoint => Register) private _registers;

    /// @param ledger_ Must give this contract its role Governor; fixed
    /// @param projectId_ Whose holders decide; fixed
    /// @param quorumBps_ Basis points of the units in the register
    constructor(ITerraLuminaOwnership ledger_, uint24 projectId_, uint16 quorumBps_) {
        requireDeployed(address(ledger_));
        ledger = ledger_;
        projectId = projectId_;
        _setQuorumBps(quorumBps_);
    }

    /// @inheritdoc ITerraLuminaGovernor
    function setQuorumBps(uint16 bps) external onlyGovernance {
        _setQuorumBps(bps);
    }

    /// @inheritdoc ITerraLuminaGovernor
    function epochOf(uint256 proposalId) public view returns (uint24) {
        return _registers[proposalSnapshot(proposalId)].epoch;
    }

    /// @notice Units that must vote for or abstain in the vote that begins at `timepoint`. When none does: what a
    /// proposal made now would need.
    function quorum(uint256 timepoint) public view override returns (uint256) {
        Register storage register = _registers[timepoint];
        return register.epoch != 0 ? register.quorum : _quorumOf(ledger.totalSupply(projectId));
    }

    /// @notice Unix seconds: blocks of different chains take different times.
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice See ERC-6372.
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @dev Done when a proposal is made and not when its vote begins: then nobody would be there to do it.
    function _openRegister(uint256 snapshot) internal {
        uint48 openedAt = _registers[snapshot].openedAt;
        if (openedAt == clock()) return;
        if (openedAt != 0) revert SnapshotTaken(snapshot);
        uint24 epoch = ledger.exitOf(projectId).epoch;
        if (epoch == 0) epoch = ledger.openVoteEpoch(projectId);
        uint256 needed = _quorumOf(ledger.supplyAt(projectId, epoch));
        _registers[snapshot] = Register({epoch: epoch, openedAt: clock(), quorum: uint56(needed)});
    }

    /// @dev At a timepoint at which no vote begins: what the account could vote with on a proposal made now. That is
    /// also what {Governor-propose} compares with the threshold.
    function _getVotes(address account, uint256 timepoint, bytes memory) internal view override returns (uint256) {
        if (!_mayVote(account)) return 0;
        uint24 epoch = _registers[timepoint].epoch;
        if (epoch == 0) epoch = ledger.exitOf(projectId).epoch;
        if (epoch == 0) return IERC1155(address(ledger)).balanceOf(account, projectId);
        return ledger.balanceAt(account, projectId, epoch);
    }

    function _mayVote(address account) internal view returns (bool) {
        return ledger.accountOf(account).flags & FROZEN_OR_RETIRED == 0;
    }

    function _quorumOf(uint256 supply) private view returns (uint256) {
        return Math.mulDiv(supply, quorumBps, ALL_BPS, Math.Rounding.Ceil);
    }

    function _setQuorumBps(uint16 bps) private {
        if (bps == 0 || bps > ALL_BPS) revert InvalidQuorum(bps);
        quorumBps = bps;
        emit QuorumBpsSet(bps);
    }
}
