// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ITerraLuminaVault} from "../ITerraLuminaVault.sol";
import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title Money that nobody claims goes back to the project's treasury, after a deadline published long before.
/// @dev It is settled on the ledger like a claim, so the vault always has what the ledger says is due.
abstract contract Clawbacks is VaultBase {
    using SafeERC20 for IERC20;

    /// @dev The deadline that stands: see {ITerraLuminaVault-announceClawback}.
    struct Announcement {
        uint24 uptoEpoch;
        uint40 notBefore;
    }

    /// @inheritdoc ITerraLuminaVault
    uint40 public immutable minClawbackSeconds;
    /// @inheritdoc ITerraLuminaVault
    mapping(uint256 projectId => Announcement) public clawbackOf;

    /// @param minClawbackSeconds_ See {ITerraLuminaVault-minClawbackSeconds}
    constructor(uint40 minClawbackSeconds_) {
        minClawbackSeconds = minClawbackSeconds_;
    }

    /// @inheritdoc ITerraLuminaVault
    function announceClawback(uint24 projectId, uint24 uptoEpoch, uint40 notBefore) external authorised {
        uint256 earliest = block.timestamp + minClawbackSeconds;
        if (notBefore < earliest) revert ClawbackTooEarly(notBefore, earliest);
        if (_ledger.supplyAt(projectId, uptoEpoch) == 0) revert EpochNotOpened(projectId, uptoEpoch);
        _requireNothingNewer(projectId, uptoEpoch, _ledger.projectOf(projectId).epoch);
        clawbackOf[projectId] = Announcement(uptoEpoch, notBefore);
        emit ClawbackAnnounced(projectId, uptoEpoch, notBefore);
    }

    /// @inheritdoc ITerraLuminaVault
    function cancelClawback(uint24 projectId) external authorised {
        if (clawbackOf[projectId].notBefore == 0) revert ClawbackNotAnnounced(projectId);
        delete clawbackOf[projectId];
        emit ClawbackCancelled(projectId);
    }

    /// @inheritdoc ITerraLuminaVault
    function clawback(uint24 projectId, address[] calldata holders)
        external
        authorised
        nonReentrant
        boundedList(holders.length)
        returns (uint256 returned)
    {
        address treasury = _requireDue(projectId);
        address communityDao = _ledger.exitOf(projectId).dao;
        address token;
        for (uint256 i = 0; i < holders.length; ++i) {
            // The community owns the project then: what it hasn't claimed is its own, not the issuer's.
            if (holders[i] == communityDao) {
                emit ClaimSkipped(projectId, communityDao);
                continue;
            }
            try _ledger.settleClaim(projectId, holders[i]) returns (
                uint256 amount, uint24 uptoEpoch, address paidIn, address
            ) {
                if (amount == 0) continue;
                returned += amount;
                token = paidIn;
                emit DistributionClawedBack(projectId, holders[i], uptoEpoch, amount, treasury);
            } catch {
                emit ClaimSkipped(projectId, holders[i]);
            }
        }
        if (returned != 0) IERC20(token).safeTransfer(treasury, returned);
    }

    function _requireDue(uint24 projectId) private view returns (address treasury) {
        Announcement memory announced = clawbackOf[projectId];
        if (announced.notBefore == 0) revert ClawbackNotAnnounced(projectId);
        if (block.timestamp < announced.notBefore) revert ClawbackDeadlineRunning(projectId, announced.notBefore);
        ILedgerTypes.Project memory project = _ledger.projectOf(projectId);
        _requireNothingNewer(projectId, announced.uptoEpoch, project.epoch);
        treasury = project.treasury;
        if (treasury == address(0)) revert NoTreasury(projectId);
    }

    /// @dev Any distribution raises the sum per unit; epochs opened for votes or records don't, and don't matter.
    function _requireNothingNewer(uint24 projectId, uint24 uptoEpoch, uint24 newestEpoch) private view {
        if (_ledger.cumulativeAt(projectId, newestEpoch) != _ledger.cumulativeAt(projectId, uptoEpoch)) {
            revert NewerDistribution(projectId, uptoEpoch, newestEpoch);
        }
    }
}
