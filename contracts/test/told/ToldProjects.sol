// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerEvents} from "../../ledger/ILedgerEvents.sol";
import {ILedgerTypes} from "../../ledger/ILedgerTypes.sol";
import {Vm, vm} from "../Vm.sol";
import {ToldPositions} from "./ToldPositions.sol";
import {addressIn} from "./ToldPeople.sol";

/// @dev Terms, states, metadata and exits, as the ledger's events alone tell them.
abstract contract ToldProjects is ToldPositions {
    mapping(uint256 projectId => string) public uri;
    mapping(uint256 projectId => ILedgerTypes.Exit) private _exits;
    mapping(uint256 projectId => ILedgerTypes.Project) private _projects;
    mapping(uint256 projectId => uint256[4]) private _blocked;
    mapping(uint256 projectId => mapping(uint256 day => uint256)) private _minted;

    function projectOf(uint256 projectId) public view returns (ILedgerTypes.Project memory project) {
        project = _projects[projectId];
        (project.supply, project.epoch) = (uint56(totalSupply(projectId)), uint24(epochOf(projectId)));
        project.holders = holdersOf(projectId);
    }

    function exists(uint256 projectId) external view returns (bool) {
        return _projects[projectId].state != ILedgerTypes.State.None;
    }

    function payoutTokenOf(uint256 projectId) external view returns (address) {
        return _projects[projectId].payoutToken;
    }

    function exitOf(uint256 projectId) external view returns (ILedgerTypes.Exit memory) {
        return _exits[projectId];
    }

    function blockedCountriesOf(uint256 projectId) external view returns (uint256[4] memory) {
        return _blocked[projectId];
    }

    function mintedToday(uint256 projectId) external view returns (uint256) {
        return _minted[projectId][vm.getBlockTimestamp() / 1 days];
    }

    function isExiting(uint256 projectId) internal view returns (bool) {
        return _projects[projectId].state == ILedgerTypes.State.Exiting;
    }

    function countMint(uint256 projectId, uint256 units) internal {
        _minted[projectId][vm.getBlockTimestamp() / 1 days] += units;
    }

    function readProject(Vm.Log memory line) internal {
        bytes32 kind = line.topics[0];
        uint256 id = line.topics.length > 1 ? uint256(line.topics[1]) : 0;
        ILedgerTypes.Project storage its = _projects[id];
        if (kind == ILedgerEvents.ProjectCreated.selector) {
            _create(its, abi.decode(line.data, (ILedgerTypes.ProjectTerms)));
        } else if (kind == ILedgerEvents.ProjectStateChanged.selector) {
            (its.state,) = abi.decode(line.data, (ILedgerTypes.State, bytes32));
        } else if (kind == ILedgerEvents.DailyMintCapSet.selector) {
            its.dailyMintCap = uint56(abi.decode(line.data, (uint256)));
        } else if (kind == ILedgerEvents.RulesSet.selector) {
            its.rules = abi.decode(line.data, (address));
        } else if (kind == ILedgerEvents.CountriesSet.selector) {
            _blocked[id] = abi.decode(line.data, (uint256[4]));
        } else if (kind == ILedgerEvents.MetadataSet.selector) {
            uint256 version;
            (version, its.metadataHash, uri[id]) = abi.decode(line.data, (uint256, bytes32, string));
            require(version == its.metadataVersion + 1, "a version left out");
            its.metadataVersion = uint32(version);
        } else if (kind == ILedgerEvents.MetadataFrozen.selector) {
            require(abi.decode(line.data, (uint256)) == its.metadataVersion, "another version frozen");
            its.metadataFrozen = true;
        } else if (kind == ILedgerEvents.EpochOpened.selector) {
            (uint256 supply,, uint256 cumulative) = abi.decode(line.data, (uint256, uint256, uint256));
            openEpoch(id, supply, cumulative);
            require(uint256(line.topics[2]) == epochOf(id), "an epoch left out");
        } else if (kind == ILedgerEvents.ExitAnnounced.selector) {
            _exits[id] = ILedgerTypes.Exit(addressIn(line.topics[2]), uint40(abi.decode(line.data, (uint256))), 0);
        } else if (kind == ILedgerEvents.ExitCancelled.selector) {
            delete _exits[id];
        } else if (kind == ILedgerEvents.ExitBegun.selector) {
            _exits[id].epoch = uint24(abi.decode(line.data, (uint256)));
            exitEpoch[id] = _exits[id].epoch;
        }
    }

    function _create(ILedgerTypes.Project storage its, ILedgerTypes.ProjectTerms memory terms) private {
        (its.cap, its.maxHolders, its.maxHolderBps) = (terms.cap, terms.maxHolders, terms.maxHolderBps);
        (its.lockDays, its.dailyMintCap) = (terms.lockDays, terms.dailyMintCap);
        (its.payoutToken, its.treasury) = (terms.payoutToken, terms.treasury);
        (its.exitTargetPerUnit, its.buyOutPerUnit) = (terms.exitTargetPerUnit, terms.buyOutPerUnit);
    }
}
