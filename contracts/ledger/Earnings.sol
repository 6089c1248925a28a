// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {LedgerState} from "./LedgerState.sol";

/// @title Who earned what: epochs, the balances at their opening, and what is due from them.
/// @dev A claim costs the same for any number of missed epochs, plus one step for each epoch in which the
/// holder's own balance changed.
abstract contract Earnings is LedgerState {
    uint256 internal constant SCALE_BITS = 64;

    /// @inheritdoc ITerraLuminaOwnership
    /// @dev Refused while an exit moves units: what a holder earns must not depend on the order of the batches.
    function openEpoch(uint24 projectId, uint256 amount) external onlyRole(VAULT_ROLE) returns (uint24 epoch) {
        ProjectSlot storage project = _existing(projectId);
        if (project.state == State.Exiting) revert WrongState(projectId, State.Exiting);
        uint56 supply = project.supply;
        if (supply == 0) revert NoUnits(projectId);
        epoch = project.epoch + 1;
        uint256 perUnit = (uint256(SafeCast.toUint112(amount)) << SCALE_BITS) / supply;
        uint200 cumulative = SafeCast.toUint200(_epochs[projectId][epoch - 1].cumulative + perUnit);
        _epochs[projectId][epoch] = Epoch({cumulative: cumulative, supply: supply});
        project.epoch = epoch;
        emit EpochOpened(projectId, epoch, supply, amount, cumulative);
    }

    /// @inheritdoc ITerraLuminaOwnership
    /// @dev Never depends on the pause. When the sum rounds to nothing the fraction goes on growing, unclaimed.
    function settleClaim(uint24 projectId, address holder)
        external
        onlyRole(VAULT_ROLE)
        returns (uint256 amount, uint24 uptoEpoch, address payoutToken)
    {
        if (_accounts[holder].flags & 8 != 0) revert AccountIsFrozen(holder);
        (amount, uptoEpoch) = _due(projectId, holder);
        if (amount == 0) return (0, uptoEpoch, address(0));
        _positions[projectId][holder].claimed = uptoEpoch;
        payoutToken = _facts[projectId].payoutToken;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function claimableOf(uint256 projectId, address holder) external view returns (uint256 amount) {
        (amount,) = _due(projectId, holder);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function balanceAt(address holder, uint256 projectId, uint24 epoch) external view returns (uint256) {
        if (epoch == 0 || epoch > _projects[projectId].epoch) return 0;
        Position storage position = _positions[projectId][holder];
        if (position.exited && epoch > _exits[projectId].epoch) return 0;
        uint256 balance = position.balance;
        uint24 since = position.epoch;
        while (epoch <= since) {
            Node memory node = _nodes[projectId][holder][since];
            (balance, since) = (node.balance, node.previous);
        }
        return balance;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function supplyAt(uint256 projectId, uint24 epoch) external view returns (uint256) {
        return _epochs[projectId][epoch].supply;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function cumulativeAt(uint256 projectId, uint24 epoch) external view returns (uint256) {
        return _epochs[projectId][epoch].cumulative;
    }

    /// @dev Walks back through the stretches of unchanged balance. The scaled sum stays below 2^216 because
    /// balance × payout per unit is at most the amount paid in.
    function _due(uint256 projectId, address holder) private view returns (uint256 amount, uint24 upto) {
        Position storage position = _positions[projectId][holder];
        upto = position.exited ? _exits[projectId].epoch : _projects[projectId].epoch;
        uint24 claimed = position.claimed;
        if (upto <= claimed) return (0, upto);
        uint256 balance = position.balance;
        uint24 since = position.epoch;
        uint256 upper = _epochs[projectId][upto].cumulative;
        uint256 scaled = 0;
        while (since > claimed) {
            uint256 lower = _epochs[projectId][since].cumulative;
            scaled += balance * (upper - lower);
            Node memory node = _nodes[projectId][holder][since];
            (balance, since, upper) = (node.balance, node.previous, lower);
        }
        scaled += balance * (upper - _epochs[projectId][claimed].cumulative);
        amount = scaled >> SCALE_BITS;
    }
}
